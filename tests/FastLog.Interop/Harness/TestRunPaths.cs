using System.Reflection;

namespace FastLog.Interop.Harness;

/// <summary>Paths that the project file wrote into this assembly when it was built.</summary>
internal static class TestRunPaths
{
    /// <summary>The executable under test: the one built beside these tests, or what FASTLOG_SERVER names.</summary>
    public static string Server { get; } = Environment.GetEnvironmentVariable("FASTLOG_SERVER") ?? Metadata("ServerPath");

    /// <summary>The folder of the kafkajs scripts, with their node_modules.</summary>
    public static string KafkaJs { get; } = Metadata("KafkaJsPath");

    /// <summary>The folder of the scripts for @platformatic/kafka, with their node_modules.</summary>
    public static string Platformatic { get; } = Metadata("PlatformaticPath");

    /// <summary>The folder of the scripts for @confluentinc/kafka-javascript, with their node_modules where they are built.</summary>
    public static string Confluent { get; } = Metadata("ConfluentPath");

    /// <summary>A folder with many lines of English: the reference pages that come with every .NET SDK.</summary>
    public static string Text { get; } = Metadata("TextPath");

    private static string Metadata(string key) =>
        typeof(TestRunPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key).Value
        ?? throw new InvalidOperationException($"The project file wrote no {key}.");
}
