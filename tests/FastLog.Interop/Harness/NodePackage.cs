using System.Text.Json;

namespace FastLog.Interop.Harness;

/// <summary>A folder of scripts for node with the packages they need, which are installed before the first use.</summary>
internal sealed class NodePackage(string path)
{
    private readonly Lazy<Task> _installed = new(() => InstallAsync(path));

    /// <summary>The scripts that stand on kafkajs.</summary>
    public static NodePackage KafkaJs { get; } = new(TestRunPaths.KafkaJs);

    /// <summary>The scripts that stand on @platformatic/kafka.</summary>
    public static NodePackage Platformatic { get; } = new(TestRunPaths.Platformatic);

    /// <summary>
    /// The scripts that stand on @confluentinc/kafka-javascript. Its native part takes minutes to compile, so it is not
    /// installed here: <c>tools/build-confluent.sh</c> does that.
    /// </summary>
    public static NodePackage Confluent { get; } = new(TestRunPaths.Confluent);

    /// <summary>Whether it has been installed by someone else already.</summary>
    public bool IsInstalled => Directory.Exists(Path.Combine(path, "node_modules"));

    /// <summary>Runs a script to its end and returns what it printed, which is JSON.</summary>
    public async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        await _installed.Value;
        ProgramResult result = await ExternalProgram.SucceedAsync("node", [Path.Combine(path, script), .. arguments]);
        using JsonDocument seen = JsonDocument.Parse(result.Output);
        return seen.RootElement.Clone();
    }

    /// <summary>Starts a script that runs until it is ended.</summary>
    public async Task<RunningProgram> StartAsync(Action<string> onLine, string script, params string[] arguments)
    {
        await _installed.Value;
        return RunningProgram.Start("node", [Path.Combine(path, script), .. arguments], onLine);
    }

    private static async Task InstallAsync(string path)
    {
        if (!Directory.Exists(Path.Combine(path, "node_modules")))
        {
            await ExternalProgram.SucceedAsync("npm", ["ci", "--silent", "--prefix", path]);
        }
    }
}
