using System.CommandLine;
using System.CommandLine.Parsing;

namespace FastLog.Load.Commands;

/// <summary>Makes options that say what is wrong with their value.</summary>
internal static class Options
{
    /// <summary>An option whose value is 1 or more.</summary>
    public static Option<T> Positive<T>(string name, string description, T defaultValue)
        where T : struct, IComparable<T>
    {
        Option<T> option = new(name)
        {
            Description = description,
            HelpName = UnitOf(name),
            DefaultValueFactory = _ => defaultValue,
        };
        Require(option, value => value.CompareTo(default) > 0, "must be 1 or more");
        return option;
    }

    /// <summary>The same without a default.</summary>
    public static Option<T?> PositiveIfAny<T>(string name, string description, string helpName)
        where T : struct, IComparable<T>
    {
        Option<T?> option = new(name) { Description = description, HelpName = helpName };
        Require(option, value => value is not { } given || given.CompareTo(default) > 0, "must be more than 0");
        return option;
    }

    /// <summary>An option whose value is 0 or more.</summary>
    public static Option<T> NotNegative<T>(string name, string description, T defaultValue)
        where T : struct, IComparable<T>
    {
        Option<T> option = new(name)
        {
            Description = description,
            HelpName = UnitOf(name),
            DefaultValueFactory = _ => defaultValue,
        };
        Require(option, value => value.CompareTo(default) >= 0, "must not be negative");
        return option;
    }

    /// <summary>An option of which a value's own parser makes a value.</summary>
    public static Option<T> Parsed<T>(string name, string description, string helpName, T defaultValue, Func<string, T> parse) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result =>
            {
                try
                {
                    return parse(result.Tokens[0].Value);
                }
                catch (FormatException e)
                {
                    result.AddError($"{name}: {e.Message}.");
                    return default!;
                }
            },
        };

    private static string UnitOf(string name) =>
        name.Contains("-ms", StringComparison.Ordinal) ? "MS"
        : name.Contains("-bytes", StringComparison.Ordinal) ? "BYTES"
        : "N";

    private static void Require<T>(Option<T> option, Func<T?, bool> isRight, string otherwise) =>
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && !isRight(result.GetValueOrDefault<T>()))
            {
                result.AddError($"{option.Name} {otherwise}.");
            }
        });
}
