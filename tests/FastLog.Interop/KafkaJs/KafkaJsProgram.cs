using System.Text.Json;
using FastLog.Interop.Harness;

namespace FastLog.Interop.KafkaJs;

/// <summary>Runs the scenarios in the folder kafkajs, each in a node process of its own.</summary>
internal static class KafkaJsProgram
{
    /// <summary>Runs one scenario and returns what it saw.</summary>
    public static Task<JsonElement> RunAsync(string scenario, BrokerProcess broker) =>
        NodePackage.KafkaJs.RunAsync("run.js", scenario, broker.Address);
}
