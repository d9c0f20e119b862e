using System.Security.Cryptography;

namespace FastLog.Broker.FetchSessions;

/// <summary>
/// All incremental fetch sessions of this broker, at most <c>max.incremental.fetch.session.cache.slots</c>. A session
/// that has not been used for two minutes, or an unprivileged one when a follower needs the slot, makes room; when
/// none can, the fetcher is answered session id 0 and goes on sending full requests (KIP-227).
/// </summary>
public sealed class FetchSessionCache(int slotsMax, TimeProvider time)
{
    private const long EvictableAfterMs = 120_000;

    /// <summary>
    /// Partitions in all sessions together, some 80 MB of memory. Kafka bounds the sessions only; a few requests with
    /// made-up partitions would fill the memory.
    /// </summary>
    internal const int PartitionsMax = 262_144;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly long _start = time.GetTimestamp();
    private int _partitionsCount;

    /// <summary>Sessions that exist at present.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>A new session, or null when there is no slot for it.</summary>
    internal FetchSession? TryCreate(bool usesTopicIds, bool privileged)
    {
        lock (_lock)
        {
            if (_sessions.Count >= slotsMax && !TryEvict(privileged))
            {
                return null;
            }

            int id;
            do
            {
                id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            }
            while (_sessions.ContainsKey(id));
            var session = new FetchSession(id, usesTopicIds, privileged) { LastUsedMs = NowMs() };
            _sessions.Add(id, session);
            return session;
        }
    }

    /// <summary>The session of that id, touched; null when there is none.</summary>
    internal FetchSession? Find(int id)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(id, out var session))
            {
                session.LastUsedMs = NowMs();
            }

            return session;
        }
    }

    /// <summary>Ends a session; unknown ids are ignored.</summary>
    internal void Remove(int id)
    {
        lock (_lock)
        {
            TryRemove(id);
        }
    }

    /// <summary>
    /// Counts the partitions that a session has now; its owner has it locked. False when that is more than there is room
    /// for: the session is ended.
    /// </summary>
    internal bool TryResize(FetchSession session)
    {
        lock (_lock)
        {
            if (!_sessions.ContainsKey(session.Id))
            {
                // Ended meanwhile by another request; it is not counted any more.
                return true;
            }

            _partitionsCount += session.Count - session.CountedPartitions;
            session.CountedPartitions = session.Count;
            return _partitionsCount <= PartitionsMax || !TryRemove(session.Id);
        }
    }

    private bool TryRemove(int id)
    {
        if (!_sessions.Remove(id, out var session))
        {
            return false;
        }

        _partitionsCount -= session.CountedPartitions;
        return true;
    }

    private bool TryEvict(bool privileged)
    {
        FetchSession? victim = null;
        var nowMs = NowMs();
        foreach (var session in _sessions.Values)
        {
            var evictable = nowMs - session.LastUsedMs > EvictableAfterMs || (privileged && !session.Privileged);
            if (evictable && (victim is null || session.LastUsedMs < victim.LastUsedMs))
            {
                victim = session;
            }
        }

        return victim is not null && TryRemove(victim.Id);
    }

    private long NowMs() => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
