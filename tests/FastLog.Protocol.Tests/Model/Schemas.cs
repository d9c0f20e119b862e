using FastLog.Protocol.Generator.Model;
using FastLog.Protocol.Generator.Parsing;

namespace FastLog.Protocol.Tests.Model;

/// <summary>The project's schemas as parsed, which tells tests what a message may hold in which version.</summary>
internal static class Schemas
{
    public static IReadOnlyList<MessageModel> Messages { get; } = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Schemas"), "*.schema", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .SelectMany(path => SchemaParser.Parse(File.ReadAllLines(path).ToList(), CancellationToken.None).Messages)
        .ToList();

    public static MessageModel Get(string name) => Messages.Single(m => m.Name == name);

    /// <summary>A new message of the generated class.</summary>
    public static IMessage Create(MessageModel model) => (IMessage)Activator.CreateInstance(TypeOf(model))!;

    public static Type TypeOf(MessageModel model) =>
        typeof(ApiCatalog).Assembly.GetType($"FastLog.Protocol.Messages.{model.Name}", throwOnError: true)!;

    public static IEnumerable<short> VersionsOf(MessageModel model) =>
        Enumerable.Range(model.Versions.Low, model.Versions.High - model.Versions.Low + 1).Select(v => (short)v);

    public static bool Has(this FieldModel field, short version) =>
        version >= field.Versions.Low && version <= field.Versions.High;

    public static bool IsNullableIn(this FieldModel field, short version) =>
        field.NullableVersions is { } range && version >= range.Low && version <= range.High;
}
