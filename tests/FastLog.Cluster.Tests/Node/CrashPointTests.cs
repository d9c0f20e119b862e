using FastLog.Protocol;
using FastLog.Storage;
using FastLog.Storage.Tests;

namespace FastLog.Cluster.Tests.Node;

/// <summary>
/// The disk dies at every step in turn, the power goes, and the node starts again: what was answered must be there,
/// and disk and metadata must agree.
/// </summary>
public sealed class CrashPointTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public async Task After_a_crash_at_any_step_what_was_answered_holds(double survival)
    {
        var steps = await StepsOfAWholeRun();
        Assert.True(steps > 100, $"the run has only {steps} steps");
        for (var step = 0; step < steps; step++)
        {
            var files = new SimulatedFileSystem(seed: step);
            var answers = await RunUntil(files, step);
            files.Fault = null;
            files.Crash(survival);
            await CheckAfterCrash(files, answers, $"crash at step {step} of {steps}, survival {survival}");
        }
    }

    private static async Task<int> StepsOfAWholeRun()
    {
        var files = new SimulatedFileSystem(seed: 0);
        await RunUntil(files, int.MaxValue);
        return files.Steps.Where(step => step.Key != "pread").Sum(step => step.Value);
    }

    /// <summary>Formats, makes, writes, grows, deletes, makes again, restarts; every disk step from one on fails.</summary>
    private static async Task<Answers> RunUntil(SimulatedFileSystem files, int lastStep)
    {
        var answers = new Answers();
        var steps = 0;
        files.Fault = (call, _) =>
            call != "pread" && Interlocked.Increment(ref steps) > lastStep ? DiskException.InputOutputError : 0;
        var test = new TestNode(files);
        for (var run = 0; run < 2; run++)
        {
            try
            {
                await test.Start();
            }
            catch (Exception exception) when (exception is IOException or Raft.RaftException)
            {
                return answers;
            }
            await Work(test, run, answers);
            await test.Stop();
        }
        return answers;
    }

    private static async Task Work(TestNode test, int run, Answers answers)
    {
        answers.Created("kept", await test.Create("kept", 2) == ErrorCode.None, partitions: 2);
        await answers.Produced(test, "kept", 0);
        answers.Created("gone" + run, await test.Create("gone" + run) == ErrorCode.None, partitions: 1);
        await answers.Produced(test, "gone" + run, 0);
        if (await test.AddPartitions("kept", 3 + run) == ErrorCode.None)
        {
            answers.Created("kept", true, partitions: 3 + run);
        }
        answers.Deleting("gone" + run);
        if (await test.Delete("gone" + run) == ErrorCode.None)
        {
            answers.Deleted("gone" + run);
        }
        var block = await test.Node.Controller.AllocateProducerIdsAsync(1, test.Node.BrokerEpoch);
        answers.LastProducerId = Math.Max(answers.LastProducerId, block.FirstId + block.Count - 1);
        await answers.Produced(test, "kept", 1);
    }

    private static async Task CheckAfterCrash(SimulatedFileSystem files, Answers answers, string where)
    {
        var test = await new TestNode(files).Start();
        foreach (var (name, partitions) in answers.Topics)
        {
            Assert.True(test.Image.FindTopic(name)?.PartitionsCount >= partitions, $"{where}: {name} was made");
        }
        foreach (var name in answers.DeletedTopics)
        {
            Assert.True(test.Image.FindTopic(name) is null, $"{where}: {name} was deleted");
        }
        foreach (var ((name, partition), count) in answers.Records)
        {
            if (test.Node.Replicas.Find(name, partition) is { } found)
            {
                Assert.True(found.HighWatermark >= count, $"{where}: {found} has {found.HighWatermark} of {count}");
            }
            else
            {
                Assert.True(answers.MayBeGone(name), $"{where}: {name}-{partition} is not served");
            }
        }
        var next = await test.Node.Controller.AllocateProducerIdsAsync(1, test.Node.BrokerEpoch);
        Assert.True(next.Error == ErrorCode.None && next.FirstId > answers.LastProducerId, $"{where}: {next}");
        CheckDisk(test, files, where);
        Assert.True(await test.Create("after") == ErrorCode.None && await test.Produce("after"), where);
        await test.Restart();
        CheckDisk(test, files, where);
        Assert.Equal(1, test.Node.Replicas.Find("after", 0)!.HighWatermark);
        await test.Stop();
    }

    private static void CheckDisk(TestNode test, SimulatedFileSystem files, string where)
    {
        var expected = test.Image.Topics
            .SelectMany(topic => Enumerable.Range(0, topic.PartitionsCount).Select(index => $"{topic.Name}-{index}"))
            .Order(StringComparer.Ordinal).ToList();
        var hosted = test.Node.Replicas.Partitions.Select(partition => partition.ToString()).Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(hosted), $"{where}: hosted {string.Join(' ', hosted)}, not {string.Join(' ', expected)}");
        var onDisk = TestNode.PartitionDirectories(files, test.Directories);
        Assert.True(
            onDisk.All(name => expected.Contains(name) || name.EndsWith("-delete", StringComparison.Ordinal)),
            $"{where}: on disk {string.Join(' ', onDisk)}, not {string.Join(' ', expected)}");
    }

    private sealed class Answers
    {
        private readonly HashSet<string> _deleting = [];

        public Dictionary<string, int> Topics { get; } = [];

        public HashSet<string> DeletedTopics { get; } = [];

        public Dictionary<(string Topic, int Partition), long> Records { get; } = [];

        public long LastProducerId { get; set; } = -1;

        public void Created(string name, bool isMade, int partitions)
        {
            if (isMade)
            {
                Topics[name] = Math.Max(partitions, Topics.GetValueOrDefault(name));
            }
        }

        public void Deleting(string name)
        {
            _deleting.Add(name);
            Topics.Remove(name);
        }

        public void Deleted(string name) => DeletedTopics.Add(name);

        public bool MayBeGone(string name) => _deleting.Contains(name);

        public async Task Produced(TestNode test, string topic, int partition)
        {
            if (test.Node.Replicas.Find(topic, partition) is not null && await test.Produce(topic, partition))
            {
                Records[(topic, partition)] = Records.GetValueOrDefault((topic, partition)) + 1;
            }
        }
    }
}
