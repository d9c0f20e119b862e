using FastLog.Protocol;

namespace FastLog.Raft;

/// <summary>A metadata record and the version it is written in.</summary>
/// <param name="Record">The record; not changed any more once it was handed over.</param>
/// <param name="Version">The version of its schema.</param>
public readonly record struct MetadataRecord(IMetadataRecord Record, short Version);
