using FastLog.Coordination.Consumer;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>
/// All that one partition of <c>__consumer_offsets</c> says: its groups and their committed offsets, and what decides
/// about them. A state machine: requests, deadlines and replayed records go in by turns, one at a time; see
/// <see cref="Turn"/> for what comes out. Knows no clock, lock, thread, log or random source.
/// </summary>
public sealed partial class GroupShard : ICoordinatorReplay
{
    private readonly GroupContext _context;
    private readonly OffsetTable _offsets = new();
    private readonly UndecidedOffsets _undecided = new();
    private readonly ClassicProtocol _classic;
    private readonly ConsumerProtocol _consumer;
    private readonly OffsetProtocol _offsetProtocol;

    /// <summary>An empty shard.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="newId">Gives a new id, unlike all others.</param>
    public GroupShard(GroupCoordinatorOptions options, Func<Guid> newId)
    {
        _context = new GroupContext(options, new GroupTable(), new DeadlineQueue(), newId);
        _classic = new ClassicProtocol(_context);
        _consumer = new ConsumerProtocol(_context, _classic);
        _offsetProtocol = new OffsetProtocol(_context, _offsets, _undecided);
    }

    /// <summary>The groups.</summary>
    public GroupTable Groups => _context.Groups;

    /// <summary>The committed offsets.</summary>
    public OffsetTable Offsets => _offsets;

    /// <summary>When the next deadline is due, in milliseconds since 1970; null when there is none.</summary>
    public long? NextDeadlineMs => _context.Deadlines.NextMs;

    /// <summary>Every group and every id that has offsets.</summary>
    public IReadOnlyList<string> AllIds() =>
        [.. _context.Groups.All.Select(group => group.Id).Union(_offsets.Groups.Keys, StringComparer.Ordinal)];

    /// <summary>Runs the next deadline that is due; false when there is none.</summary>
    /// <param name="turn">The turn.</param>
    public bool RunDeadline(Turn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (_context.Deadlines.TakeDue(turn.NowMs) is not { } deadline)
        {
            return false;
        }

        deadline.Run(turn);
        return true;
    }

    /// <summary>The whole log was replayed: one group's part of beginning to take requests.</summary>
    /// <param name="turn">A turn of the group's own.</param>
    /// <param name="groupId">The group.</param>
    public void OnLoaded(Turn turn, string groupId) => _context.Groups.Find(groupId)?.OnLoaded(turn);

    /// <summary>The shard is used no more: answers all who wait in its groups.</summary>
    /// <param name="turn">A turn without a log.</param>
    /// <param name="error">What to answer.</param>
    public void OnUnloaded(Turn turn, Protocol.ErrorCode error)
    {
        foreach (var group in _context.Groups.All)
        {
            group.OnUnloaded(turn, error);
        }
    }

    /// <inheritdoc/>
    public void OnRecord(in CoordinatorRecord record, long producerId)
    {
        if (producerId >= 0 && record.Key is OffsetCommitKey)
        {
            _undecided.Add(producerId, record);
        }
        else
        {
            Replay(record);
        }
    }

    /// <inheritdoc/>
    public void OnTransactionEnd(long producerId, bool isCommitted)
    {
        foreach (var record in _undecided.Take(producerId))
        {
            if (isCommitted)
            {
                Replay(record);
            }
        }
    }

    /// <summary>Changes the state as a record says, one of this turn's or one of the log.</summary>
    /// <param name="record">The record.</param>
    public void Replay(in CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case OffsetCommitKey key:
                Replay(key, (OffsetCommitValue?)record.Value);
                break;
            case GroupMetadataKey key:
                _classic.Replay(key, (GroupMetadataValue?)record.Value);
                break;
            default:
                _consumer.Replay(record);
                break;
        }
    }

    private void Replay(OffsetCommitKey key, OffsetCommitValue? value)
    {
        if (value is null)
        {
            _offsets.Remove(key.Group, key.Topic, key.Partition);
            return;
        }

        _offsets.Put(key.Group, key.Topic, key.Partition, OffsetRecords.Read(value));
        // Offsets without a group are those of consumers that assign partitions to themselves: a simple group.
        _classic.FindOrCreate(key.Group, value.CommitTimestamp);
    }
}
