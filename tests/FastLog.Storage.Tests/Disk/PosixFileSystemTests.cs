using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

/// <summary>The kernel's files: what the simulation takes for granted.</summary>
public sealed class PosixFileSystemTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fastlog-storage-").FullName;
    private readonly PosixFileSystem _files = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1, 5000)]
    [InlineData(4096, 3)]
    [InlineData(100, 1024)]
    [InlineData(100, 1025)]
    public void A_gathered_write_of_any_number_of_pieces_lands_in_order(int pieceBytes, int pieces)
    {
        byte[] payload = new byte[pieceBytes * pieces];
        new Random(pieces).NextBytes(payload);
        byte[] head = [1, 2, 3, 4, 5];
        string path = Path.Combine(_root, "file");
        using (IFile file = _files.Open(path, FileOpenMode.CreateOrTruncate))
        {
            file.Write(7, head, TestBatches.InPieces(payload, pieceBytes));
            file.Write(0, [9, 9, 9, 9, 9, 9, 9]);
            file.FlushData();
            Assert.Equal(12 + payload.Length, file.Length);
            byte[] tail = new byte[10];
            Assert.Equal(3, file.Read(12 + payload.Length - 3, tail));
        }
        byte[] expected = [9, 9, 9, 9, 9, 9, 9, .. head, .. payload];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public unsafe void A_short_write_goes_on_where_it_stopped()
    {
        Libc.IoVector* vectors = stackalloc Libc.IoVector[3];
        for (int i = 0; i < 3; i++)
            vectors[i] = new Libc.IoVector { Base = (void*)(1000 * (i + 1)), Length = 100 };
        int count = 3;
        GatheredWrite.Advance(ref vectors, ref count, 130);
        Assert.Equal((2, 2030, 70), (count, (long)vectors->Base, (int)vectors->Length));
        GatheredWrite.Advance(ref vectors, ref count, 70);
        Assert.Equal((1, 3000, 100), (count, (long)vectors->Base, (int)vectors->Length));
        GatheredWrite.Advance(ref vectors, ref count, 100);
        Assert.Equal(0, count);
    }

    [Fact]
    public void Failures_carry_their_errno()
    {
        Assert.Equal(2, Assert.Throws<DiskException>(() => _files.Open(Path.Combine(_root, "none"), FileOpenMode.Read)).ErrorNumber);
        Assert.Equal(2, Assert.Throws<DiskException>(() => _files.Rename(Path.Combine(_root, "a"), Path.Combine(_root, "b"))).ErrorNumber);
        Assert.Equal(2, Assert.Throws<DiskException>(() => _files.SyncDirectory(Path.Combine(_root, "none"))).ErrorNumber);
        using IFile full = _files.Open("/dev/full", FileOpenMode.ReadWrite);
        DiskException failure = Assert.Throws<DiskException>(() => full.Write(0, [1]));
        Assert.True(failure.IsOutOfSpace);
    }

    [Fact]
    public void Names_are_made_listed_renamed_and_removed()
    {
        string folder = Path.Combine(_root, "folder");
        _files.CreateDirectory(folder);
        _files.Open(Path.Combine(folder, "a"), FileOpenMode.OpenOrCreate).Dispose();
        _files.Rename(Path.Combine(folder, "a"), Path.Combine(folder, "b"));
        _files.SyncDirectory(folder);
        Assert.Equal(["b"], _files.ListFiles(folder));
        Assert.Equal(["folder"], _files.ListDirectories(_root));
        _files.DeleteFile(Path.Combine(folder, "b"));
        _files.DeleteFile(Path.Combine(folder, "b"));
        _files.DeleteDirectory(folder);
        _files.DeleteDirectory(folder);
        Assert.False(_files.DirectoryExists(folder));
    }

    [Fact]
    public void A_lock_is_held_by_one()
    {
        string path = Path.Combine(_root, ".lock");
        using (IDisposable? held = _files.TryLock(path))
        {
            Assert.NotNull(held);
            Assert.Null(_files.TryLock(path));
        }
        using IDisposable? again = _files.TryLock(path);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_lives_on_it(bool preallocates)
    {
        LogConfig config = new() { SegmentBytes = 2000, IndexIntervalBytes = 100, Preallocate = preallocates };
        LogStand stand = new(_files, config, Path.Combine(_root, "data"));
        for (int i = 0; i < 100; i++)
            stand.MustAppend(TestBatches.Make(2, "v" + i));
        stand.Flush();
        Assert.Equal(200, stand.Log.DurableEndOffset);
        stand.Log.TruncateTo(180);
        stand.Log.AdvanceLogStart(40);
        List<byte[]> expected = stand.ReadAll();
        await stand.RestartCleanly();
        Assert.True(stand.Directory.WasCleanShutdown);
        Assert.Equal(expected, stand.ReadAll());
        ReadResult read = stand.Log.Read(100, 1, long.MaxValue, atLeastOneBatch: true);
        Assert.NotNull(read.Lease!.File.Handle);
        Assert.Equal(expected[30], LogStand.Take(read));
        await stand.Directory.DisposeAsync();
    }

    [Fact]
    public async Task The_flushers_thread_makes_durable_and_stops()
    {
        LogDirectory directory = LogDirectory.Open(Path.Combine(_root, "data"), LogStand.Options, _files, TimeProvider.System, NullLogger.Instance);
        PartitionLog log = directory.CreateOrOpen(LogStand.Partition, LogStand.TopicId, new LogConfig());
        log.Append(TestBatches.Sequence(TestBatches.Make(3)), AppendOrigin.Client, 0);
        directory.FlushAll();
        Assert.Equal(3, log.DurableEndOffset);
        await directory.DisposeAsync();
    }
}
