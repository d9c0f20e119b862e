namespace FastLog.Protocol;

/// <summary>How a request went, by Kafka's numbers. Names and default texts are in <see cref="ErrorCodes"/>.</summary>
public enum ErrorCode : short
{
    /// <summary>The server met an error that it has no code for.</summary>
    UnknownServerError = -1,

    /// <summary>All went well.</summary>
    None = 0,

    /// <summary>The offset lies outside of the offsets the partition holds.</summary>
    OffsetOutOfRange = 1,

    /// <summary>A record batch failed its checksum, has an invalid size, or is otherwise corrupt.</summary>
    CorruptMessage = 2,

    /// <summary>This node does not host the topic or partition.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>The fetch size is invalid.</summary>
    InvalidFetchSize = 4,

    /// <summary>The partition has no leader at present, an election is under way.</summary>
    LeaderNotAvailable = 5,

    /// <summary>This node is not the partition's leader, or not its follower.</summary>
    NotLeaderOrFollower = 6,

    /// <summary>The request timed out.</summary>
    RequestTimedOut = 7,

    /// <summary>The broker is not available.</summary>
    BrokerNotAvailable = 8,

    /// <summary>The replica is not available for the topic and partition.</summary>
    ReplicaNotAvailable = 9,

    /// <summary>A record batch is larger than the broker accepts.</summary>
    MessageTooLarge = 10,

    /// <summary>The controller moved to another broker.</summary>
    StaleControllerEpoch = 11,

    /// <summary>The metadata of an offset commit is too long.</summary>
    OffsetMetadataTooLarge = 12,

    /// <summary>The server disconnected before a response arrived.</summary>
    NetworkException = 13,

    /// <summary>The coordinator is loading and cannot serve requests yet.</summary>
    CoordinatorLoadInProgress = 14,

    /// <summary>The coordinator is not available.</summary>
    CoordinatorNotAvailable = 15,

    /// <summary>This node is not the coordinator.</summary>
    NotCoordinator = 16,

    /// <summary>The topic name is not valid, or the operation is not allowed on this topic.</summary>
    InvalidTopicException = 17,

    /// <summary>The request holds more record bytes than a segment can.</summary>
    RecordListTooLarge = 18,

    /// <summary>There are fewer in-sync replicas than required.</summary>
    NotEnoughReplicas = 19,

    /// <summary>The records were written, but to fewer in-sync replicas than required.</summary>
    NotEnoughReplicasAfterAppend = 20,

    /// <summary>The value of acks is not -1, 0 or 1.</summary>
    InvalidRequiredAcks = 21,

    /// <summary>The generation is not the group's current one.</summary>
    IllegalGeneration = 22,

    /// <summary>The member supports no protocol that all members of the group support.</summary>
    InconsistentGroupProtocol = 23,

    /// <summary>The group id is invalid.</summary>
    InvalidGroupId = 24,

    /// <summary>The coordinator does not know this member.</summary>
    UnknownMemberId = 25,

    /// <summary>The session timeout lies outside of the range that the broker allows.</summary>
    InvalidSessionTimeout = 26,

    /// <summary>The group rebalances, so the member has to rejoin.</summary>
    RebalanceInProgress = 27,

    /// <summary>The offset commit is too large.</summary>
    InvalidCommitOffsetSize = 28,

    /// <summary>Access to the topic is not allowed.</summary>
    TopicAuthorizationFailed = 29,

    /// <summary>Access to the group is not allowed.</summary>
    GroupAuthorizationFailed = 30,

    /// <summary>Access to the cluster is not allowed.</summary>
    ClusterAuthorizationFailed = 31,

    /// <summary>The timestamp of a record lies outside of the accepted range.</summary>
    InvalidTimestamp = 32,

    /// <summary>The broker does not support this SASL mechanism.</summary>
    UnsupportedSaslMechanism = 33,

    /// <summary>The request does not fit the state of SASL authentication.</summary>
    IllegalSaslState = 34,

    /// <summary>The version of the API is not supported.</summary>
    UnsupportedVersion = 35,

    /// <summary>A topic of this name exists.</summary>
    TopicAlreadyExists = 36,

    /// <summary>The number of partitions is invalid.</summary>
    InvalidPartitions = 37,

    /// <summary>The replication factor is below 1 or above the number of available brokers.</summary>
    InvalidReplicationFactor = 38,

    /// <summary>The replica assignment is invalid.</summary>
    InvalidReplicaAssignment = 39,

    /// <summary>The configuration is invalid.</summary>
    InvalidConfig = 40,

    /// <summary>This node is not the active controller.</summary>
    NotController = 41,

    /// <summary>The request is malformed or its fields contradict each other.</summary>
    InvalidRequest = 42,

    /// <summary>The message format on the broker does not support the request.</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>The request violates a configured policy.</summary>
    PolicyViolation = 44,

    /// <summary>A sequence number does not follow the producer's last one.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>A sequence number was seen before.</summary>
    DuplicateSequenceNumber = 46,

    /// <summary>The producer's epoch is older than the current one.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>The operation does not fit the state of the transaction.</summary>
    InvalidTxnState = 48,

    /// <summary>The producer id is not the one that belongs to the transactional id.</summary>
    InvalidProducerIdMapping = 49,

    /// <summary>The transaction timeout exceeds the broker's limit.</summary>
    InvalidTransactionTimeout = 50,

    /// <summary>Another operation on the same transaction is under way.</summary>
    ConcurrentTransactions = 51,

    /// <summary>The transaction coordinator was replaced by a newer one.</summary>
    TransactionCoordinatorFenced = 52,

    /// <summary>Access to the transactional id is not allowed.</summary>
    TransactionalIdAuthorizationFailed = 53,

    /// <summary>Security features are disabled.</summary>
    SecurityDisabled = 54,

    /// <summary>The operation was not attempted; a batch of which it was part may have failed.</summary>
    OperationNotAttempted = 55,

    /// <summary>A disk error happened when the log was accessed.</summary>
    KafkaStorageError = 56,

    /// <summary>The log directory is not known.</summary>
    LogDirNotFound = 57,

    /// <summary>SASL authentication failed.</summary>
    SaslAuthenticationFailed = 58,

    /// <summary>The producer id is not known here: its records may have been deleted.</summary>
    UnknownProducerId = 59,

    /// <summary>A partition reassignment is in progress.</summary>
    ReassignmentInProgress = 60,

    /// <summary>Delegation tokens are not enabled.</summary>
    DelegationTokenAuthDisabled = 61,

    /// <summary>The delegation token does not exist.</summary>
    DelegationTokenNotFound = 62,

    /// <summary>The principal does not own the delegation token.</summary>
    DelegationTokenOwnerMismatch = 63,

    /// <summary>Delegation token requests are not allowed on this connection.</summary>
    DelegationTokenRequestNotAllowed = 64,

    /// <summary>Access to the delegation token is not allowed.</summary>
    DelegationTokenAuthorizationFailed = 65,

    /// <summary>The delegation token has expired.</summary>
    DelegationTokenExpired = 66,

    /// <summary>The principal type is not supported.</summary>
    InvalidPrincipalType = 67,

    /// <summary>The group is not empty.</summary>
    NonEmptyGroup = 68,

    /// <summary>The group id does not exist.</summary>
    GroupIdNotFound = 69,

    /// <summary>The fetch session does not exist.</summary>
    FetchSessionIdNotFound = 70,

    /// <summary>The fetch session epoch is invalid.</summary>
    InvalidFetchSessionEpoch = 71,

    /// <summary>The leader has no listener of the name the request came in on.</summary>
    ListenerNotFound = 72,

    /// <summary>Topic deletion is disabled.</summary>
    TopicDeletionDisabled = 73,

    /// <summary>The leader epoch is older than the broker's.</summary>
    FencedLeaderEpoch = 74,

    /// <summary>The leader epoch is newer than the broker's.</summary>
    UnknownLeaderEpoch = 75,

    /// <summary>The client does not support the compression type of the records.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>The broker epoch is older than the controller's.</summary>
    StaleBrokerEpoch = 77,

    /// <summary>The offset is not available yet: the leader's high watermark has not caught up after an election.</summary>
    OffsetNotAvailable = 78,

    /// <summary>The member has to join again with the member id it was given.</summary>
    MemberIdRequired = 79,

    /// <summary>The preferred leader is not available.</summary>
    PreferredLeaderNotAvailable = 80,

    /// <summary>The group has as many members as it may have.</summary>
    GroupMaxSizeReached = 81,

    /// <summary>Another member took over this static instance id.</summary>
    FencedInstanceId = 82,

    /// <summary>No eligible leader is available.</summary>
    EligibleLeadersNotAvailable = 83,

    /// <summary>No leader election is needed.</summary>
    ElectionNotNeeded = 84,

    /// <summary>No partition reassignment is in progress.</summary>
    NoReassignmentInProgress = 85,

    /// <summary>The group subscribes to the topic.</summary>
    GroupSubscribedToTopic = 86,

    /// <summary>A record failed the broker's validation.</summary>
    InvalidRecord = 87,

    /// <summary>Some offsets are part of a transaction that is not completed.</summary>
    UnstableOffsetCommit = 88,

    /// <summary>A throttling quota was exceeded.</summary>
    ThrottlingQuotaExceeded = 89,

    /// <summary>A producer with a newer epoch uses this transactional id.</summary>
    ProducerFenced = 90,

    /// <summary>The resource does not exist.</summary>
    ResourceNotFound = 91,

    /// <summary>The resource exists already.</summary>
    DuplicateResource = 92,

    /// <summary>The credential is not acceptable.</summary>
    UnacceptableCredential = 93,

    /// <summary>The voter set differs from the expected one.</summary>
    InconsistentVoterSet = 94,

    /// <summary>The update version is invalid.</summary>
    InvalidUpdateVersion = 95,

    /// <summary>Features could not be updated.</summary>
    FeatureUpdateFailed = 96,

    /// <summary>The forwarded principal could not be decoded.</summary>
    PrincipalDeserializationFailure = 97,

    /// <summary>The snapshot does not exist.</summary>
    SnapshotNotFound = 98,

    /// <summary>The position lies outside of the snapshot.</summary>
    PositionOutOfRange = 99,

    /// <summary>This node does not host the topic id.</summary>
    UnknownTopicId = 100,

    /// <summary>The broker id is registered by another broker.</summary>
    DuplicateBrokerRegistration = 101,

    /// <summary>The broker id is not registered.</summary>
    BrokerIdNotRegistered = 102,

    /// <summary>The topic id does not fit the log.</summary>
    InconsistentTopicId = 103,

    /// <summary>The cluster id differs from this cluster's.</summary>
    InconsistentClusterId = 104,

    /// <summary>The transactional id does not exist.</summary>
    TransactionalIdNotFound = 105,

    /// <summary>The fetch session mixes topic ids and topic names.</summary>
    FetchSessionTopicIdError = 106,

    /// <summary>The replica may not join the in-sync replicas.</summary>
    IneligibleReplica = 107,

    /// <summary>The request elected a new leader.</summary>
    NewLeaderElected = 108,

    /// <summary>The offset was moved to tiered storage.</summary>
    OffsetMovedToTieredStorage = 109,

    /// <summary>The member epoch is fenced: the member has to abandon its partitions and rejoin.</summary>
    FencedMemberEpoch = 110,

    /// <summary>Another member uses this instance id and has not left.</summary>
    UnreleasedInstanceId = 111,

    /// <summary>The assignor, or its version, is not supported.</summary>
    UnsupportedAssignor = 112,

    /// <summary>The member epoch is stale: the member retries after its next heartbeat.</summary>
    StaleMemberEpoch = 113,

    /// <summary>The request was sent to a broker instead of a controller, or the other way round.</summary>
    MismatchedEndpointType = 114,

    /// <summary>The endpoint type is not supported.</summary>
    UnsupportedEndpointType = 115,

    /// <summary>The controller id is not known.</summary>
    UnknownControllerId = 116,

    /// <summary>The telemetry subscription id is not current.</summary>
    UnknownSubscriptionId = 117,

    /// <summary>The telemetry is larger than the broker accepts.</summary>
    TelemetryTooLarge = 118,

    /// <summary>The controller rejected the broker's registration.</summary>
    InvalidRegistration = 119,

    /// <summary>The transaction has to be aborted.</summary>
    TransactionAbortable = 120,

    /// <summary>The record's state does not allow the operation.</summary>
    InvalidRecordState = 121,

    /// <summary>The share session does not exist.</summary>
    ShareSessionNotFound = 122,

    /// <summary>The share session epoch is invalid.</summary>
    InvalidShareSessionEpoch = 123,

    /// <summary>The state epoch is older than the share coordinator's.</summary>
    FencedStateEpoch = 124,

    /// <summary>The voter key does not match the node that received the request.</summary>
    InvalidVoterKey = 125,

    /// <summary>The voter is in the voter set already.</summary>
    DuplicateVoter = 126,

    /// <summary>The voter is not in the voter set.</summary>
    VoterNotFound = 127,

    /// <summary>The regular expression is not valid.</summary>
    InvalidRegularExpression = 128,

    /// <summary>The client's metadata is too old: it has to bootstrap again.</summary>
    RebootstrapRequired = 129,

    /// <summary>The streams topology is invalid.</summary>
    StreamsInvalidTopology = 130,

    /// <summary>The streams topology epoch is invalid.</summary>
    StreamsInvalidTopologyEpoch = 131,

    /// <summary>The streams topology epoch is fenced.</summary>
    StreamsTopologyFenced = 132,

    /// <summary>The limit of share sessions is reached.</summary>
    ShareSessionLimitReached = 133,
}
