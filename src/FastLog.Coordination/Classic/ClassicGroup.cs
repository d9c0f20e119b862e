using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>
/// A group whose members meet in JoinGroup and are assigned partitions by one of them. What it does is in
/// <see cref="ClassicProtocol"/>; here is what it knows. Only what makes up a finished generation is stored; who waits for
/// what is forgotten with the coordinator, and clients then ask again.
/// </summary>
public sealed partial class ClassicGroup : Group
{
    /// <summary>The protocol type of consumers, whose metadata the coordinator can read.</summary>
    public const string ConsumerProtocolType = "consumer";

    private readonly ClassicProtocol _protocol;
    private readonly Dictionary<string, ClassicMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _staticMemberIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Deadline> _pendingMembers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _supporters = new(StringComparer.Ordinal);
    private string? _protocolType;
    private HashSet<string>? _subscribedTopics;
    private int _syncsPendingCount;

    internal ClassicGroup(string id, ClassicProtocol protocol, long nowMs)
        : base(id)
    {
        _protocol = protocol;
        StateTimestampMs = nowMs;
        (JoinDeadline, SyncDeadline) = protocol.DeadlinesOf(this);
    }

    /// <summary>A group as a record tells it.</summary>
    internal ClassicGroup(string id, ClassicProtocol protocol, GroupMetadataValue value)
        : this(id, protocol, value.CurrentStateTimestamp)
    {
        StateTimestampMs = value.CurrentStateTimestamp == -1 ? null : value.CurrentStateTimestamp;
        Generation = value.Generation;
        ProtocolName = value.Protocol;
        LeaderId = value.Leader;
        foreach (var stored in value.Members)
        {
            AddMember(value.ProtocolType, new ClassicMember(StoredClassicGroup.MemberOf(stored, value.Protocol)));
        }

        _protocolType = value.ProtocolType.Length == 0 ? null : value.ProtocolType;
        State = PreviousState = _members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.Stable;
        ReadSubscriptions();
    }

    /// <summary>Where it is between two generations.</summary>
    public ClassicGroupState State { get; private set; }

    /// <summary>The number of the generation; 0 before the first.</summary>
    public int Generation { get; private set; }

    /// <summary>The protocol that the members of this generation agreed on; null without one.</summary>
    public string? ProtocolName { get; private set; }

    /// <summary>Id of the member that assigns; null without members.</summary>
    public string? LeaderId { get; private set; }

    /// <summary>The members, in no particular order.</summary>
    public IReadOnlyCollection<ClassicMember> Members => _members.Values;

    /// <summary>When it came into its state, in milliseconds since 1970; null if an old coordinator did not store it.</summary>
    internal long? StateTimestampMs { get; private set; }

    /// <summary>The state before this one.</summary>
    internal ClassicGroupState PreviousState { get; private set; }

    /// <summary>The end of waiting for members to join.</summary>
    internal Deadline JoinDeadline { get; }

    /// <summary>The end of waiting for members to ask for their assignments.</summary>
    internal Deadline SyncDeadline { get; }

    /// <summary>The first rebalance's wait for more members, while it lasts.</summary>
    internal InitialDelay? InitialDelay { get; set; }

    /// <summary>Whether a member came during the last piece of <see cref="InitialDelay"/>.</summary>
    internal bool HasNewMember { get; set; }

    /// <summary>How many members wait for the next generation.</summary>
    internal int JoinsWaitingCount { get; private set; }

    /// <summary>Whether nobody is left to wait for: neither a member nor a client that was told its member id.</summary>
    internal bool HaveAllJoined => JoinsWaitingCount == _members.Count && _pendingMembers.Count == 0;

    /// <summary>Whether every member has asked for its assignment.</summary>
    internal bool HaveAllSynced => _syncsPendingCount == 0;

    /// <summary>The longest any member may take to rejoin, in milliseconds.</summary>
    internal int RebalanceTimeoutMs
    {
        get
        {
            var longest = 0;
            foreach (var member in _members.Values)
            {
                longest = Math.Max(longest, member.RebalanceTimeoutMs);
            }

            return longest;
        }
    }

    internal void TransitionTo(ClassicGroupState state, long nowMs)
    {
        var isAllowed = state switch
        {
            ClassicGroupState.Empty or ClassicGroupState.CompletingRebalance => State == ClassicGroupState.PreparingRebalance,
            ClassicGroupState.PreparingRebalance => State
                is ClassicGroupState.Empty or ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable,
            ClassicGroupState.Stable => State == ClassicGroupState.CompletingRebalance,
            _ => true,
        };
        Invariant.Check(isAllowed, "a classic group changes its state along the arrows");
        (PreviousState, State, StateTimestampMs) = (State, state, nowMs);
    }

    /// <summary>Begins the next generation with the members there are, or becomes empty.</summary>
    internal void BeginGeneration(long nowMs)
    {
        Generation++;
        ProtocolName = _members.Count == 0 ? null : ElectProtocol();
        ReadSubscriptions();
        TransitionTo(_members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.CompletingRebalance, nowMs);
        foreach (var member in _members.Values)
        {
            MarkSynced(member);
        }
    }

    /// <summary>Leaves the table of groups for good: nothing happens to it any more.</summary>
    internal void Retire()
    {
        State = ClassicGroupState.Dead;
        JoinDeadline.Clear();
        SyncDeadline.Clear();
        foreach (var member in _members.Values)
        {
            member.Session?.Clear();
        }

        foreach (var expiry in _pendingMembers.Values)
        {
            expiry.Clear();
        }
    }

    private void ReadSubscriptions() => _subscribedTopics = _protocolType == ConsumerProtocolType
        ? ConsumerSubscriptions.TopicsOf(_members.Values, ProtocolName)
        : null;
}

/// <summary>A piece of the wait for more members before a group's first generation.</summary>
/// <param name="DelayMs">How long this piece lasts, in milliseconds.</param>
/// <param name="RemainingMs">How much longer the wait may get, in milliseconds.</param>
internal readonly record struct InitialDelay(int DelayMs, int RemainingMs);
