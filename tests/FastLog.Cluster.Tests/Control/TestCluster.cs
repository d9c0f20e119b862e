using FastLog.Raft;

namespace FastLog.Cluster.Tests.Control;

/// <summary>A cluster without disk: decisions are applied to the image at once.</summary>
internal sealed class TestCluster
{
    private int _lastTopicId;

    public TestCluster(ControllerOptions? options = null, int brokers = 1)
    {
        State = new ControllerState(options ?? new ControllerOptions(), NextTopicId);
        for (var id = 1; id <= brokers; id++)
        {
            StartBroker(id);
        }
    }

    public ControllerState State { get; }

    public MetadataImage Image { get; private set; } = MetadataImage.Empty("TestClusterAAAAAAAAAAA");

    public MetadataDelta? LastDelta { get; private set; }

    public void StartBroker(int id) =>
        Apply(ControllerState.RegisterBroker(Registration(id), Image.LastOffset + 1).Records);

    public void RegisterFenced(int id) =>
        Apply([.. ControllerState.RegisterBroker(Registration(id), Image.LastOffset + 1).Records.Take(1)]);

    public void Apply(IReadOnlyList<MetadataRecord> records)
    {
        var draft = new MetadataDraft(Image);
        var offset = Image.LastOffset;
        foreach (var (record, _) in records)
        {
            draft.Apply(record, ++offset, epoch: 1);
        }
        LastDelta = draft.ToDelta();
        Image = LastDelta.After;
    }

    public CreateTopicResult Create(NewTopic topic, bool validateOnly = false) =>
        Assert.Single(Create(validateOnly, topic));

    public IReadOnlyList<CreateTopicResult> Create(bool validateOnly, params NewTopic[] topics)
    {
        var decision = State.CreateTopics(Image, topics, validateOnly);
        Apply(decision.Records);
        return decision.Result;
    }

    public IReadOnlyList<DeleteTopicResult> Delete(params TopicReference[] topics)
    {
        var decision = State.DeleteTopics(Image, topics);
        Apply(decision.Records);
        return decision.Result;
    }

    public IReadOnlyList<CreatePartitionsResult> AddPartitions(bool validateOnly, params MorePartitions[] topics)
    {
        var decision = ControllerState.CreatePartitions(Image, topics, validateOnly);
        Apply(decision.Records);
        return decision.Result;
    }

    public ConfigAlterationResult Alter(ConfigAlteration alteration) => Assert.Single(Alter(false, alteration));

    public IReadOnlyList<ConfigAlterationResult> Alter(bool validateOnly, params ConfigAlteration[] alterations)
    {
        var decision = State.AlterConfigs(Image, alterations, validateOnly);
        Apply(decision.Records);
        return decision.Result;
    }

    public static BrokerRegistration Registration(int id) => new()
    {
        BrokerId = id,
        IncarnationId = new Guid(id, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]),
        EndPoints = [new BrokerEndPoint("PLAINTEXT", "localhost", 9092 + id, 0)],
        LogDirectoryIds = [new Guid(id, 1, 1, [9, 9, 9, 9, 9, 9, 9, 9])],
    };

    private Guid NextTopicId() => new(++_lastTopicId, 0, 0, [0, 0, 0, 0, 0, 0, 0, 42]);
}
