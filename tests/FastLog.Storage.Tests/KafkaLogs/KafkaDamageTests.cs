using FastLog.KafkaData;
using FastLog.Storage.Inspection;
using Xunit.Abstractions;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>Damage that is done to Kafka's files is found.</summary>
public sealed class KafkaDamageTests(ITestOutputHelper output)
{
    private static readonly PosixFileSystem Files = new();

    [Theory]
    [InlineData("clean")]
    [InlineData("unclean")]
    public void What_Kafka_wrote_is_sound_as_it_lies(string kind)
    {
        using KafkaDataDirectory data = new(kind);
        List<Finding> findings = [];
        VerificationSummary summary = LogVerifier.Verify(Files, data.Path, findings.Add);
        Assert.Empty(findings);
        Assert.True(summary.RecordsCount > 4000);
        Assert.Equal(Directory.GetDirectories(data.Path).Length, summary.PartitionsCount);
    }

    [Theory]
    [InlineData("codec-gzip-0", ".log")]
    [InlineData("codec-zstd-1", ".log")]
    [InlineData("append-time-0", ".log")]
    [InlineData("txn-1", ".log")]
    [InlineData("txn-0", ".txnindex")]
    [InlineData("idempotent-2", ".snapshot")]
    [InlineData("__cluster_metadata-0", ".checkpoint")]
    public void Every_flipped_bit_is_found(string partition, string suffix)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using KafkaDataDirectory data = new("clean");
        string[] paths = [.. Directory.GetFiles(data.PathOf(partition), "*" + suffix).Where(path => new FileInfo(path).Length > 0).Order()];
        for (int i = 0; i < 60; i++)
        {
            string path = paths[random.Next(paths.Length)];
            byte[] sound = File.ReadAllBytes(path);
            byte[] damaged = [.. sound];
            int at = random.Next(sound.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            bool isSound = LogVerifier.Verify(Files, data.PathOf(partition), _ => { }).IsSound;
            // A snapshot's leader epoch, unlike a log's, is held against nothing.
            bool isUnchecked = suffix == ".checkpoint" && (at is >= 12 and < 16 || at is >= 178 and < 182);
            Assert.True(!isSound || isUnchecked, $"seed {seed}: a flip in byte {at} of {path} was not found");
            File.WriteAllBytes(path, sound);
        }
        Assert.True(LogVerifier.Verify(Files, data.PathOf(partition), _ => { }).IsSound);
    }
}
