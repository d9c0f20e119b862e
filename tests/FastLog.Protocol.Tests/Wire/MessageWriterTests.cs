using System.Buffers;
using FastLog.Protocol.Messages;

namespace FastLog.Protocol.Tests.Wire;

public sealed class MessageWriterTests
{
    [Fact]
    public void A_field_that_a_version_lacks_is_dropped_only_when_it_may_be()
    {
        var request = new FetchRequest { SessionId = 5 };
        request.ToArray(4);

        request.ReplicaState.ReplicaId = 1;
        Assert.Throws<ProtocolException>(() => request.ToArray(14));
        request.ToArray(15);

        request.ReplicaState.Reset();
        request.ReplicaId = 1;
        request.ToArray(14);
        ProtocolException refused = Assert.Throws<ProtocolException>(() => request.ToArray(15));
        Assert.Contains("FetchRequest.ReplicaId", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_refused_in_versions_that_do_not_have_it()
    {
        Assert.Throws<ProtocolException>(() => new MetadataRequest { Topics = null }.ToArray(0));
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], new MetadataRequest { Topics = null }.ToArray(1));
        Assert.Throws<ProtocolException>(() => new SaslHandshakeRequest { Mechanism = null! }.ToArray(1));
        var partition = new FetchSnapshotResponse.PartitionSnapshot { UnalignedRecords = RecordsField.Null };
        Assert.Throws<ProtocolException>(() => partition.ToArray(1));
    }

    [Fact]
    public void Strings_above_the_limit_are_refused()
    {
        new SaslHandshakeRequest { Mechanism = new string('x', 32767) }.ToArray(1);
        Assert.Throws<ProtocolException>(
            () => new SaslHandshakeRequest { Mechanism = new string('x', 32768) }.ToArray(1));
        Assert.Throws<ProtocolException>(
            () => new SaslHandshakeRequest { Mechanism = new string('ü', 16384) }.ToArray(1));
    }

    [Fact]
    public void Records_that_lie_elsewhere_are_handed_over_at_their_place()
    {
        var output = new RecordingOutput();
        FetchResponse response = ResponseWith(new RecordsField(new Region(5000)));
        response.EncodeTo(output, 12);

        byte[] inline = ResponseWith(new RecordsField(new byte[5000])).ToArray(12);
        Assert.Equal(inline.Length, response.SizeInBytes(12));
        (int at, IExternalRecords records) = Assert.Single(output.External);
        Assert.Equal(5000, records.SizeInBytes);
        Assert.Equal(inline[..at], output.Written[..at]);
        Assert.Equal(inline[(at + 5000)..], output.Written[at..]);
    }

    [Fact]
    public void Records_that_lie_elsewhere_need_an_output_that_takes_them()
    {
        FetchResponse response = ResponseWith(new RecordsField(new Region(5000)));
        Assert.Throws<InvalidOperationException>(() => response.EncodeTo(new ArrayBufferWriter<byte>(), 12));
    }

    [Fact]
    public void An_output_of_tiny_blocks_gets_the_same_bytes()
    {
        FetchResponse response = ResponseWith(new RecordsField(new byte[700]));
        response.NodeEndpoints.Add().Host = new string('h', 3000);
        var output = new RecordingOutput();
        response.EncodeTo(output, 17);
        Assert.Equal(response.ToArray(17), output.Written);
    }

    private static FetchResponse ResponseWith(RecordsField records)
    {
        var response = new FetchResponse();
        FetchResponse.FetchableTopicResponse topic = response.Responses.Add();
        FetchResponse.PartitionData partition = topic.Partitions.Add();
        partition.CurrentLeader.LeaderId = 3;
        partition.Records = records;
        return response;
    }

    private sealed class Region(int sizeInBytes) : IExternalRecords
    {
        public int SizeInBytes => sizeInBytes;
    }

    /// <summary>An output that offers just what was asked for, and remembers where external records came.</summary>
    private sealed class RecordingOutput : IMessageOutput
    {
        private readonly List<byte> _written = [];
        private byte[] _offered = [];

        public List<(int At, IExternalRecords Records)> External { get; } = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_offered.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _offered = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void WriteExternal(IExternalRecords records) => External.Add((_written.Count, records));
    }
}
