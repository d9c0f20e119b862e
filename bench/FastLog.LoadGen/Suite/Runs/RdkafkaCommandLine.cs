using System.Globalization;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>How librdkafka's <c>rdkafka_performance</c> is called for a load; all else is as it comes.</summary>
internal static class RdkafkaCommandLine
{
    public static IReadOnlyList<string> Of(LoadOrder order)
    {
        LoadShape load = order.Scenario.Load;
        List<string> arguments = [load.Type == LoadType.Consume ? "-C" : "-P", "-b", order.Target.Address, "-t", order.Topic];
        if (load.PartitionsCount == 1)
        {
            arguments.AddRange(["-p", "0"]);
        }

        arguments.AddRange(["-c", Text(order.RecordsCount), "-q"]);
        if (load.Type == LoadType.Consume)
        {
            arguments.AddRange(["-o", "beginning"]);
            return arguments;
        }

        arguments.AddRange(["-s", Text(load.RecordSizeBytes), "-a", load.Acks == "all" ? "-1" : load.Acks]);
        if (load.IsRecordPerRequest)
        {
            arguments.AddRange(["-X", "batch.num.messages=1", "-X", "linger.ms=0"]);
        }

        return arguments;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
