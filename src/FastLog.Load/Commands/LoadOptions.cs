using System.CommandLine;
using System.CommandLine.Parsing;

namespace FastLog.Load.Commands;

/// <summary>The options that every load takes.</summary>
internal sealed class LoadOptions
{
    public Option<string> BootstrapServer { get; } = new("--bootstrap-server")
    {
        Description = "Where the broker listens, as HOST:PORT.",
        DefaultValueFactory = _ => "127.0.0.1:9092",
    };

    public Option<string> Topic { get; } = new("--topic") { Description = "The topic.", DefaultValueFactory = _ => "load" };

    public Option<long> Records { get; } = Positive("--records", "How many records to move while the clock runs.", 10_000_000L);

    public Option<long> WarmupRecords { get; } = new("--warmup-records")
    {
        Description = "How many to move before that.",
        DefaultValueFactory = _ => 0,
    };

    public Option<int?> BrokerPid { get; } = new("--broker-pid")
    {
        Description = "The broker's process on this machine: its CPU time, memory, context switches and bytes written "
            + "are read from /proc.",
    };

    public Option<string> Scenario { get; } = new("--scenario")
    {
        Description = "A name for the result.",
        DefaultValueFactory = _ => "",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON." };

    public void AddTo(Command command)
    {
        command.Options.Add(BootstrapServer);
        command.Options.Add(Topic);
        command.Options.Add(Records);
        command.Options.Add(WarmupRecords);
        command.Options.Add(BrokerPid);
        command.Options.Add(Scenario);
        command.Options.Add(Json);
    }

    /// <summary>An option whose value is 1 or more.</summary>
    public static Option<T> Positive<T>(string name, string description, T defaultValue)
        where T : struct, IComparable<T>
    {
        Option<T> option = new(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<T>().CompareTo(default) <= 0)
            {
                result.AddError($"{name} must be 1 or more.");
            }
        });
        return option;
    }
}
