using System.Buffers;
using System.Text.Json;
using FastLog.Records;

namespace FastLog.Raft;

/// <summary>
/// Bytes of Kafka's <c>quorum-state</c>: one JSON object. Version 1 is written; version 0 (static voters, with the
/// cluster's id and the voters beside) is read too.
/// </summary>
internal static class QuorumStateFormat
{
    public const int NewestVersion = 1;

    public static ReadOnlyMemory<byte> Write(QuorumState state)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("leaderId"u8, state.LeaderId);
            json.WriteNumber("leaderEpoch"u8, state.LeaderEpoch);
            json.WriteNumber("votedId"u8, state.VotedId);
            json.WriteString("votedDirectoryId"u8, UuidText.Format(state.VotedDirectoryId));
            json.WriteNumber("data_version"u8, NewestVersion);
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    /// <exception cref="RaftException">The bytes are no quorum state of a known version.</exception>
    public static QuorumState Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ReadObject(bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new RaftException("quorum-state is not the JSON object expected: " + exception.Message, exception);
        }
    }

    private static QuorumState ReadObject(ReadOnlySpan<byte> bytes)
    {
        var state = QuorumState.Initial;
        var version = -1;
        var json = new Utf8JsonReader(bytes);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new RaftException("quorum-state is not the JSON object expected");
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "leaderId":
                    state = state with { LeaderId = json.GetInt32() };
                    break;
                case "leaderEpoch":
                    state = state with { LeaderEpoch = json.GetInt32() };
                    break;
                case "votedId":
                    state = state with { VotedId = json.GetInt32() };
                    break;
                case "votedDirectoryId":
                    state = state with { VotedDirectoryId = ReadUuid(json.GetString()) };
                    break;
                case "data_version":
                    version = json.GetInt32();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        return version is >= 0 and <= NewestVersion
            ? state
            : throw new RaftException($"quorum-state has data_version {version}, known are 0 to {NewestVersion}");
    }

    private static Guid ReadUuid(string? text) =>
        text is not null && UuidText.TryParse(text, out var uuid)
            ? uuid
            : throw new RaftException($"quorum-state has a votedDirectoryId that is no id: {text}");
}
