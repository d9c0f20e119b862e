using System.Globalization;
using FastLog.Client;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;
using FastLog.Protocol;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>Topics for one run each, with names that no other run has.</summary>
/// <param name="runId">Tells this run of the suite from others, on a peer that stays up between them.</param>
internal sealed class SuiteTopics(string runId)
{
    private int _count;

    /// <summary>Creates a topic as the scenario wants it, synced before every acknowledgement or never.</summary>
    /// <exception cref="KafkaException">The broker refuses it or cannot be reached.</exception>
    public async Task<string> CreateAsync(Target target, Scenario scenario, CancellationToken cancellationToken)
    {
        string name = $"{scenario.Name}-{runId}-{++_count}";
        long flushMessages = scenario.Load.IsFsync ? 1 : long.MaxValue;
        NewTopic topic = new(name, scenario.Load.PartitionsCount, 1)
        {
            Configs = new Dictionary<string, string>
            {
                ["flush.messages"] = flushMessages.ToString(CultureInfo.InvariantCulture),
            },
        };
        await using AdminClient admin = Admin(target);
        try
        {
            await admin.CreateTopicAsync(topic, cancellationToken: cancellationToken);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.InvalidConfig && target.IsPeer)
        {
            // It has other ways to say when it syncs; the report shows what it answers about the topic.
            await admin.CreateTopicAsync(topic with { Configs = new Dictionary<string, string>() }, cancellationToken: cancellationToken);
        }

        return name;
    }

    /// <summary>Deletes a topic, and does not mind when that fails: a peer may not allow it.</summary>
    public static async Task DeleteAsync(Target target, string topic, CancellationToken cancellationToken)
    {
        await using AdminClient admin = Admin(target);
        try
        {
            await admin.DeleteTopicAsync(topic, cancellationToken);
        }
        catch (KafkaException e)
        {
            await Console.Error.WriteLineAsync($"   {target.Name}: topic {topic} stays: {e.Message}");
        }
    }

    private static AdminClient Admin(Target target) => new(new ClientOptions { BootstrapServers = target.Address, ClientId = "runbench" });
}
