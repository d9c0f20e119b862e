using System.Text.Json;
using FastLog.Interop.Harness;

namespace FastLog.Interop.KafkaJs;

/// <summary>Runs the scenarios in the folder kafkajs, each in a node process of its own.</summary>
internal static class KafkaJsProgram
{
    private static readonly SemaphoreSlim Installing = new(1);
    private static bool _installed;

    /// <summary>Runs one scenario and returns what it saw.</summary>
    public static async Task<JsonElement> RunAsync(string scenario, BrokerProcess broker)
    {
        await InstallAsync();
        ProgramResult result = await ExternalProgram.SucceedAsync(
            "node", [Path.Combine(TestRunPaths.KafkaJs, "run.js"), scenario, broker.Address]);
        using JsonDocument seen = JsonDocument.Parse(result.Output);
        return seen.RootElement.Clone();
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (!_installed && !Directory.Exists(Path.Combine(TestRunPaths.KafkaJs, "node_modules", "kafkajs")))
            {
                await ExternalProgram.SucceedAsync("npm", ["ci", "--silent", "--prefix", TestRunPaths.KafkaJs]);
            }

            _installed = true;
        }
        finally
        {
            Installing.Release();
        }
    }
}
