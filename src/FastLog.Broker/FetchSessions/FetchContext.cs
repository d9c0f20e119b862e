using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.FetchSessions;

/// <summary>
/// What a fetch request is in terms of sessions (rules of KIP-227): a full request without or with a new session, an
/// incremental one, or an error for the whole request.
/// </summary>
/// <param name="Session">The session, or null for a sessionless fetch.</param>
/// <param name="Incremental">Whether the response may leave out partitions without news.</param>
/// <param name="Error">Not NONE: the whole request is answered with it, session id 0.</param>
internal readonly record struct FetchContext(FetchSession? Session, bool Incremental, ErrorCode Error)
{
    private const int FinalEpoch = -1;
    private const int InitialEpoch = 0;

    /// <summary>Opens, continues or closes the session that the request names.</summary>
    public static FetchContext For(FetchRequest request, short version, FetchSessionCache sessions, bool follower)
    {
        var usesTopicIds = version >= 13;
        if (request.SessionEpoch is FinalEpoch or InitialEpoch)
        {
            if (request.SessionId != 0)
            {
                sessions.Remove(request.SessionId);
            }

            return request.SessionEpoch == FinalEpoch
                ? new FetchContext(null, false, ErrorCode.None)
                : OpenSession(request, usesTopicIds, sessions, follower);
        }

        return ContinueSession(request, usesTopicIds, sessions);
    }

    /// <summary>The targets that a request names itself, in request order.</summary>
    public static FetchTarget TargetOf(
        FetchRequest.FetchTopic topic, FetchRequest.FetchPartition partition, bool usesTopicIds) => new(
            usesTopicIds ? null : topic.Topic,
            usesTopicIds ? topic.TopicId : Guid.Empty,
            partition.Partition,
            partition.FetchOffset,
            partition.PartitionMaxBytes,
            partition.CurrentLeaderEpoch,
            partition.LastFetchedEpoch);

    private static FetchContext OpenSession(
        FetchRequest request, bool usesTopicIds, FetchSessionCache sessions, bool follower)
    {
        // A fetch of nothing keeps nothing worth a session.
        var session = request.Topics.Count == 0 ? null : sessions.TryCreate(usesTopicIds, follower);
        if (session is null)
        {
            return new FetchContext(null, false, ErrorCode.None);
        }

        lock (session)
        {
            Update(session, request, usesTopicIds);
            return new FetchContext(sessions.TryResize(session) ? session : null, false, ErrorCode.None);
        }
    }

    private static FetchContext ContinueSession(FetchRequest request, bool usesTopicIds, FetchSessionCache sessions)
    {
        var session = sessions.Find(request.SessionId);
        if (session is null)
        {
            return new FetchContext(null, false, ErrorCode.FetchSessionIdNotFound);
        }

        lock (session)
        {
            if (session.NextEpoch != request.SessionEpoch)
            {
                return new FetchContext(null, false, ErrorCode.InvalidFetchSessionEpoch);
            }

            if (session.UsesTopicIds != usesTopicIds)
            {
                return new FetchContext(null, false, ErrorCode.FetchSessionTopicIdError);
            }

            session.AdvanceEpoch();
            Update(session, request, usesTopicIds);
            foreach (var topic in request.ForgottenTopicsData)
            {
                foreach (var partition in topic.Partitions)
                {
                    session.Forget(topic.Topic, topic.TopicId, partition);
                }
            }

            if (!sessions.TryResize(session))
            {
                // The client comes back with a full request, and is served without a session.
                return new FetchContext(null, false, ErrorCode.FetchSessionIdNotFound);
            }

            if (session.Count > 0)
            {
                return new FetchContext(session, true, ErrorCode.None);
            }
        }

        // Nothing left to fetch: the session ends and the answer says so with id 0.
        sessions.Remove(session.Id);
        return new FetchContext(null, false, ErrorCode.None);
    }

    private static void Update(FetchSession session, FetchRequest request, bool usesTopicIds)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                session.Upsert(TargetOf(topic, partition, usesTopicIds));
            }
        }
    }
}
