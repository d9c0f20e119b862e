using FastLog.Protocol;
using FastLog.Storage;
using FastLog.Storage.Tests;

namespace FastLog.Cluster.Tests.Node;

/// <summary>Two directories, the metadata in /a: what fails, what is served on, and what a restart brings back.</summary>
public sealed class DirectoryFailureTests : IDisposable
{
    private readonly SimulatedFileSystem _files = new(seed: 7);
    private readonly RecordingLoggers _loggers = new();

    public void Dispose() => _loggers.Dispose();

    [Theory]
    [InlineData("pwrite", DiskException.InputOutputError)]
    [InlineData("fdatasync", DiskException.InputOutputError)]
    [InlineData("fdatasync", DiskException.OutOfSpace)]
    [InlineData("fdatasync", 122)]
    public async Task A_failed_directory_takes_its_partitions_offline_and_no_others(string call, int errno)
    {
        var test = await StartWithTopic();
        var failing = test.Node.Replicas.Find("t", InB(test))!;
        Assert.True(await test.Produce("t", InB(test)));
        var offline = InB(test);
        Fail("/b", call, errno);

        Assert.False(await test.Produce("t", offline));
        await Until(() => test.Image.FindTopic("t")!.Partitions[offline].Leader == PartitionImage.NoLeader);

        var syncs = _files.Steps[call];
        Assert.Equal(ErrorCode.KafkaStorageError, failing.Failure);
        Assert.Null(test.Node.Replicas.Find("t", offline));
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", offline));
        Assert.Equal([test.Node.LogDirectories[0].DirectoryId], test.Image.FindBroker(1)!.LogDirectoryIds);
        Assert.False(test.Node.Failed.IsCompleted);
        Assert.StartsWith("Log directory /b failed", Assert.Single(_loggers.Errors), StringComparison.Ordinal);
        Assert.True(await test.Produce("t", 1 - offline));
        Assert.True(_files.Steps[call] - syncs <= 2, "the failed directory is left alone");
        Assert.Equal(ErrorCode.None, await test.Create("later", 2));
        Assert.True(await test.Produce("later", 0) && await test.Produce("later", 1));

        _files.Fault = null;
        await test.Restart();
        Assert.True(test.Node.Replicas.Find("t", offline)!.HighWatermark >= 1);
        Assert.True(await test.Produce("t", offline));
        await test.Stop();
    }

    [Fact]
    public async Task A_node_whose_metadata_directory_fails_has_failed()
    {
        var test = await StartWithTopic();
        Fail("/a", "fdatasync", DiskException.InputOutputError);
        Assert.False(await test.Produce("t", 1 - InB(test)));
        Assert.Contains("/a, which holds the metadata, has failed", await test.Node.Failed, StringComparison.Ordinal);
        _files.Fault = null;
        await test.Stop();
    }

    [Theory]
    [InlineData("open")]
    [InlineData("damaged")]
    public async Task A_directory_that_cannot_be_opened_at_start_is_offline_and_the_others_serve(string damage)
    {
        var test = await StartWithTopic();
        var offline = InB(test);
        Assert.True(await test.Produce("t", offline));
        await test.Stop();
        var identity = Damage(damage);

        await test.Start();

        Assert.Equal(["/a"], test.Node.LogDirectories.Select(directory => directory.DirectoryPath));
        Assert.Contains(_loggers.Errors, line => line.StartsWith("Log directory /b cannot be opened", StringComparison.Ordinal));
        Assert.Contains(_loggers.Errors, line => line.StartsWith("1 partition(s) lie in the log directory", StringComparison.Ordinal));
        Assert.Equal(2, _loggers.Errors.Count);
        Assert.Equal(PartitionImage.NoLeader, test.Image.FindTopic("t")!.Partitions[offline].Leader);
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", offline));
        Assert.True(await test.Produce("t", 1 - offline));
        Assert.Equal(ErrorCode.None, await test.Create("later", 2));
        Assert.True(await test.Produce("later", 0) && await test.Produce("later", 1));
        await test.Stop();

        _files.Fault = null;
        if (identity is not null)
        {
            Overwrite("/b/meta.properties", identity);
        }
        await test.Start();
        Assert.Equal(1, test.Node.Replicas.Find("t", offline)!.HighWatermark);
        await test.Stop();
    }

    [Fact]
    public async Task Of_two_copies_of_a_partition_the_one_where_the_metadata_has_it_is_served()
    {
        var test = await StartWithTopic();
        var index = InB(test);
        Assert.True(await test.Produce("t", index));
        await test.Stop();
        // An older copy, in the directory that comes first.
        _files.CreateDirectory($"/a/t-{index}");
        _files.WriteAll($"/a/t-{index}/partition.metadata", _files.ReadAll($"/b/t-{index}/partition.metadata"));

        await test.Start();

        var served = test.Node.Replicas.Find("t", index)!;
        Assert.Equal(($"/b/t-{index}", 1), (served.Log.DirectoryPath, served.HighWatermark));
        Assert.Contains(_files.ListDirectories("/a"), name => name.StartsWith($"t-{index}.", StringComparison.Ordinal));
        await test.Stop();
    }

    [Fact]
    public async Task Without_the_metadata_directory_a_node_does_not_start()
    {
        var test = await StartWithTopic();
        await test.Stop();
        _files.Fault = (call, path) => call is "creat" or "unlink" && path.StartsWith("/a", StringComparison.Ordinal) ? 13 : 0;
        await Assert.ThrowsAsync<DiskException>(test.Start);
        _files.Fault = null;
        await test.Start();
        await test.Stop();
    }

    [Fact]
    public async Task A_directory_that_another_process_uses_is_no_damage()
    {
        var test = await StartWithTopic();
        await test.Stop();
        using (_files.TryLock("/b/.lock"))
        {
            var error = await Assert.ThrowsAsync<LogDirectoryException>(test.Start);
            Assert.Equal("/b: another process holds the lock", error.Message);
        }
        await test.Start();
        await test.Stop();
    }

    [Fact]
    public async Task A_swapped_disk_is_formatted_and_no_empty_log_stands_in_for_what_is_gone()
    {
        var test = await StartWithTopic();
        var offline = InB(test);
        Assert.True(await test.Produce("t", offline));
        await test.Stop();
        var idBefore = test.Node.LogDirectories[1].DirectoryId;
        _files.DeleteDirectory("/b");

        await test.Start();

        Assert.Equal(2, test.Node.LogDirectories.Count);
        Assert.NotEqual(idBefore, test.Node.LogDirectories[1].DirectoryId);
        Assert.Empty(TestNode.PartitionDirectories(_files, ["/b"]));
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", offline));
        Assert.Null(test.Node.Replicas.Find("t", offline));
        Assert.True(await test.Produce("t", 1 - offline));
        Assert.Single(_loggers.Errors);
        Assert.Equal(ErrorCode.None, await test.Create("later", 4));
        Assert.NotEmpty(TestNode.PartitionDirectories(_files, ["/b"]));
        Assert.Equal(ErrorCode.None, await test.Delete("t"));
        await test.Stop();
    }

    [Fact]
    public async Task A_damaged_topic_id_takes_one_partition_offline_and_not_the_start()
    {
        var test = await StartWithTopic();
        Assert.True(await test.Produce("t", 0) && await test.Produce("t", 1));
        await test.Stop();
        var path = TestNode.PartitionDirectories(_files, ["/b"]).Select(name => $"/b/{name}/partition.metadata").Single();
        Overwrite(path, "version: 0\ntopic_id: damaged\n"u8.ToArray());

        await test.Start();

        var offline = path.StartsWith("/b/t-0/", StringComparison.Ordinal) ? 0 : 1;
        Assert.StartsWith($"t-{offline}: its log cannot be opened", Assert.Single(_loggers.Errors), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", offline));
        Assert.True(await test.Produce("t", 1 - offline));
        await test.Stop();
    }

    [Fact]
    public async Task A_start_and_a_failure_are_told_in_a_few_lines_for_many_partitions()
    {
        var test = await StartWithTopic();
        Assert.Equal(ErrorCode.None, await test.Create("many", 60));
        for (var i = 0; i < 60; i++)
        {
            Assert.True(await test.Produce("many", i));
        }
        _loggers.Lines.Clear();
        await test.Restart();
        Assert.InRange(_loggers.Lines.Count, 1, 10);
        _loggers.Lines.Clear();
        Fail("/b", "pwrite", DiskException.InputOutputError);
        Assert.False(await test.Produce("t", InB(test)));
        await Until(() => _loggers.Lines.Contains("1 of 2 log directories are left"));
        Assert.Equal(2, _loggers.Lines.Count);
        _files.Fault = null;
        await test.Stop();
    }

    [Fact]
    public async Task New_partitions_are_assigned_to_the_directory_with_the_fewest()
    {
        var test = await new TestNode(_files, "/a", "/b", "/c").Start();
        await test.Create("one");
        await test.Create("five", 5);
        var directories = test.Image.Topics.SelectMany(topic => topic.Partitions.ToArray()).Select(partition => partition.Directories[0]);
        Assert.Equal(
            test.Node.LogDirectories.Select(directory => (directory.DirectoryId, 2)),
            directories.CountBy(id => id).Select(pair => (pair.Key, pair.Value)).OrderBy(pair => IndexOf(test, pair.Key)));
        foreach (var directory in test.Node.LogDirectories)
        {
            Assert.Equal(2, TestNode.PartitionDirectories(_files, [directory.DirectoryPath]).Count);
        }
        await test.Stop();
    }

    private static int IndexOf(TestNode test, Guid id) =>
        test.Node.LogDirectories.Select(directory => directory.DirectoryId).ToList().IndexOf(id);

    private async Task<TestNode> StartWithTopic()
    {
        var test = await new TestNode(_files, "/a", "/b") { Loggers = _loggers }.Start();
        Assert.Equal(ErrorCode.None, await test.Create("t", 2));
        return test;
    }

    /// <summary>The partition of t that lies in /b.</summary>
    private static int InB(TestNode test) =>
        test.Node.Replicas.Find("t", 0)?.Log.DirectoryPath.StartsWith("/b/", StringComparison.Ordinal) == true ? 0 : 1;

    private void Fail(string directory, string call, int errno) => _files.Fault = (step, path) =>
        step == call && path.StartsWith(directory, StringComparison.Ordinal) ? errno : 0;

    private byte[]? Damage(string damage)
    {
        if (damage == "open")
        {
            _files.Fault = (call, path) => call is "unlink" or "rename" or "fsync" && path.StartsWith("/b", StringComparison.Ordinal) ? 30 : 0;
            return null;
        }
        using var file = _files.Open("/b/meta.properties", FileOpenMode.Read);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        Overwrite("/b/meta.properties", "version=x\n"u8.ToArray());
        return bytes;
    }

    private void Overwrite(string path, byte[] bytes)
    {
        using var file = _files.Open(path, FileOpenMode.CreateOrTruncate);
        file.Write(0, bytes);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
