using FastLog.LoadGen.Suite.Runs;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>What things are called in tables.</summary>
internal static class Naming
{
    public static string By(Driver driver) => driver == Driver.Own ? "own" : "rdkafka";
}
