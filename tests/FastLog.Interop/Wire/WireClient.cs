namespace FastLog.Interop.Wire;

/// <summary>What the broker said to one produced batch.</summary>
internal readonly record struct Produced(short Error, long BaseOffset);

/// <summary>What one fetch of one partition gave.</summary>
internal readonly record struct Fetched(short Error, long HighWatermark, byte[] Records);

/// <summary>A producer id with its epoch.</summary>
internal readonly record struct ProducerIdentity(long Id, short Epoch);

/// <summary>The few requests these tests need, each in one old version without compact encodings, written out by hand.</summary>
internal sealed class WireClient(WireConnection connection) : IAsyncDisposable
{
    private const int TimeoutMs = 30_000;
    private const int FetchBytesMax = 8 << 20;
    private const int LoadingAnswersMax = 10_000;

    /// <summary>Opens a connection of its own to 127.0.0.1.</summary>
    public static async Task<WireClient> OpenAsync(int port) => new(await WireConnection.OpenAsync(port));

    /// <summary>Creates a topic with one replica per partition; the error is the broker's answer.</summary>
    public async Task<short> CreateTopicAsync(string topic, int partitions, params (string Key, string Value)[] configs)
    {
        WireWriter body = new WireWriter().Int32(1).String(topic).Int32(partitions).Int16(1).Int32(0).Int32(configs.Length);
        foreach ((string key, string value) in configs)
        {
            body.String(key).String(value);
        }

        byte[] answer = await connection.SendAsync(19, 2, body.Int32(TimeoutMs).Int8(0).ToArray());
        return ErrorOfTopic(answer, topic);
    }

    /// <summary>Deletes a topic; the error is the broker's answer.</summary>
    public async Task<short> DeleteTopicAsync(string topic)
    {
        byte[] body = new WireWriter().Int32(1).String(topic).Int32(TimeoutMs).ToArray();
        return ErrorOfTopic(await connection.SendAsync(20, 1, body), topic);
    }

    /// <summary>Produces one batch with acks=all.</summary>
    public async Task<Produced> ProduceAsync(string topic, int partition, ReadOnlyMemory<byte> batch)
    {
        byte[] body = new WireWriter()
            .String(null).Int16(-1).Int32(TimeoutMs).Int32(1).String(topic).Int32(1).Int32(partition).Bytes(batch.Span)
            .ToArray();
        return ReadProduced(await connection.SendAsync(0, 7, body), topic, partition);
    }

    /// <summary>Fetches once from an offset without waiting.</summary>
    public async Task<Fetched> FetchAsync(string topic, int partition, long offset)
    {
        byte[] body = new WireWriter()
            .Int32(-1).Int32(0).Int32(0).Int32(FetchBytesMax).Int8(0)
            .Int32(1).String(topic).Int32(1).Int32(partition).Int64(offset).Int32(FetchBytesMax)
            .ToArray();
        return ReadFetched(await connection.SendAsync(1, 4, body), topic, partition);
    }

    /// <summary>The offset behind the partition's last record that consumers may see.</summary>
    public Task<long> EndOffsetAsync(string topic, int partition) => OffsetAsync(topic, partition, -1);

    /// <summary>The offset of the partition's first record.</summary>
    public Task<long> StartOffsetAsync(string topic, int partition) => OffsetAsync(topic, partition, -2);

    /// <summary>A new producer id.</summary>
    public async Task<ProducerIdentity> InitProducerIdAsync()
    {
        byte[] answer = await connection.SendAsync(22, 0, new WireWriter().String(null).Int32(TimeoutMs).ToArray());
        var reader = new WireReader(answer);
        reader.Int32();
        Assert.Equal(WireErrors.None, reader.Int16());
        return new ProducerIdentity(reader.Int64(), reader.Int16());
    }

    /// <summary>Keys and version ranges of the APIs the broker serves.</summary>
    public async Task<IReadOnlyList<(short Key, short VersionMin, short VersionMax)>> ApiVersionsAsync()
    {
        byte[] answer = await connection.SendAsync(18, 0, ReadOnlyMemory<byte>.Empty);
        var reader = new WireReader(answer);
        Assert.Equal(WireErrors.None, reader.Int16());
        var ranges = new (short, short, short)[reader.Int32()];
        for (int index = 0; index < ranges.Length; index++)
        {
            ranges[index] = (reader.Int16(), reader.Int16(), reader.Int16());
        }

        return ranges;
    }

    /// <summary>Reads a partition from its first to its last record; fails when an offset is missing or comes twice.</summary>
    public async Task<IReadOnlyList<WireRecord>> ReadAllAsync(string topic, int partition)
    {
        long next = await StartOffsetAsync(topic, partition);
        long end = await EndOffsetAsync(topic, partition);
        var records = new List<WireRecord>();
        while (next < end)
        {
            Fetched fetched = await FetchAsync(topic, partition, next);
            Assert.Equal(WireErrors.None, fetched.Error);
            var batch = new List<WireRecord>();
            WireBatch.Decode(fetched.Records, batch);
            Assert.True(batch.Any(record => record.Offset >= next), $"{topic}-{partition} ends at {end}, but nothing can be read at {next}.");

            // A fetch may begin with records of the same batch below the offset that was asked for.
            foreach (WireRecord record in batch.Where(record => record.Offset >= next))
            {
                Assert.Equal(next++, record.Offset);
                records.Add(record);
            }
        }

        Assert.Equal(end, next);
        return records;
    }

    /// <summary>Reads a partition that compaction may have thinned; offsets rise, and no more is asked of them.</summary>
    public async Task<IReadOnlyList<WireRecord>> ReadCompactedAsync(string topic, int partition)
    {
        long next = await StartOffsetAsync(topic, partition);
        long end = await EndOffsetAsync(topic, partition);
        var records = new List<WireRecord>();
        while (next < end)
        {
            Fetched fetched = await FetchAsync(topic, partition, next);
            Assert.Equal(WireErrors.None, fetched.Error);
            var batch = new List<WireRecord>();
            long behind = WireBatch.Decode(fetched.Records, batch, isCompacted: true);
            Assert.True(behind > next, $"{topic}-{partition} ends at {end}, but nothing can be read at {next}.");
            records.AddRange(batch.Where(record => record.Offset >= next));
            next = behind;
        }

        return records;
    }

    /// <summary>Deletes a partition's records below an offset; the partition's first offset afterwards.</summary>
    public async Task<long> DeleteRecordsAsync(string topic, int partition, long offset)
    {
        byte[] body = new WireWriter().Int32(1).String(topic).Int32(1).Int32(partition).Int64(offset).Int32(TimeoutMs).ToArray();
        var reader = new WireReader(await connection.SendAsync(21, 0, body));
        reader.Int32();
        ReadPathTo(ref reader, topic, partition);
        long first = reader.Int64();
        Assert.Equal(WireErrors.None, reader.Int16());
        return first;
    }

    /// <summary>A group's committed offsets for the first partitions of a topic; -1 where there is none.</summary>
    public async Task<long[]> CommittedAsync(string group, string topic, int partitions)
    {
        WireWriter body = new WireWriter().String(group).Int32(1).String(topic).Int32(partitions);
        for (int partition = 0; partition < partitions; partition++)
        {
            body.Int32(partition);
        }

        // A broker that has just started says that it is not yet ready to tell.
        short error = WireErrors.CoordinatorLoadInProgress;
        long[] offsets = [];
        for (int attempt = 0; attempt < LoadingAnswersMax && error == WireErrors.CoordinatorLoadInProgress; attempt++)
        {
            (error, offsets) = ReadCommitted(await connection.SendAsync(9, 5, body.ToArray()), topic, partitions);
        }

        Assert.Equal(WireErrors.None, error);
        return offsets;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<long> OffsetAsync(string topic, int partition, long timestamp)
    {
        byte[] body = new WireWriter().Int32(-1).Int32(1).String(topic).Int32(1).Int32(partition).Int64(timestamp).ToArray();
        byte[] answer = await connection.SendAsync(2, 1, body);
        var reader = new WireReader(answer);
        ReadPathTo(ref reader, topic, partition);
        Assert.Equal(WireErrors.None, reader.Int16());
        reader.Int64();
        return reader.Int64();
    }

    private static short ErrorOfTopic(byte[] answer, string topic)
    {
        var reader = new WireReader(answer);
        reader.Int32();
        Assert.Equal(1, reader.Int32());
        Assert.Equal(topic, reader.String());
        return reader.Int16();
    }

    private static Produced ReadProduced(byte[] answer, string topic, int partition)
    {
        var reader = new WireReader(answer);
        ReadPathTo(ref reader, topic, partition);
        return new Produced(reader.Int16(), reader.Int64());
    }

    private static Fetched ReadFetched(byte[] answer, string topic, int partition)
    {
        var reader = new WireReader(answer);
        reader.Int32();
        ReadPathTo(ref reader, topic, partition);
        short error = reader.Int16();
        long highWatermark = reader.Int64();
        reader.Int64();
        for (int aborted = reader.Int32(); aborted > 0; aborted--)
        {
            reader.Raw(2 * sizeof(long));
        }

        return new Fetched(error, highWatermark, reader.Bytes().ToArray());
    }

    private static (short Error, long[] Offsets) ReadCommitted(byte[] answer, string topic, int partitions)
    {
        var reader = new WireReader(answer);
        reader.Int32();
        long[] offsets = new long[partitions];
        for (int topics = reader.Int32(); topics > 0; topics--)
        {
            Assert.Equal(topic, reader.String());
            for (int left = reader.Int32(); left > 0; left--)
            {
                int partition = reader.Int32();
                offsets[partition] = reader.Int64();
                reader.Int32();
                reader.String();
                Assert.Equal(WireErrors.None, reader.Int16());
            }
        }

        return (reader.Int16(), offsets);
    }

    // Every answer here holds one topic with one partition, the one that was asked for.
    private static void ReadPathTo(ref WireReader reader, string topic, int partition)
    {
        Assert.Equal(1, reader.Int32());
        Assert.Equal(topic, reader.String());
        Assert.Equal(1, reader.Int32());
        Assert.Equal(partition, reader.Int32());
    }
}
