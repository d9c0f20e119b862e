namespace FastLog.Broker.Tests.Allocation;

/// <summary>Tests that count what the whole process does: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
