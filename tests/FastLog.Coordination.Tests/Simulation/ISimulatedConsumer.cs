namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A consumer of any protocol.</summary>
internal interface ISimulatedConsumer
{
    string Name { get; }

    string? InstanceId { get; }

    string MemberId { get; }

    /// <summary>Whether it runs.</summary>
    bool IsAlive { get; }

    /// <summary>Whether it takes part in the group's present state and waits for nothing, as far as it knows.</summary>
    bool IsStable { get; }

    /// <summary>The partitions it believes to own.</summary>
    IReadOnlySet<(string Topic, int Partition)> Owned { get; }

    /// <summary>Names of the topics it wants, of those there are.</summary>
    IEnumerable<string> TopicsWanted { get; }

    void Start();

    void Subscribe(IReadOnlyList<string> topics);

    /// <summary>Its process is killed.</summary>
    void Kill();

    /// <summary>It closes: says so, but as a static member that will be back.</summary>
    void Close();
}
