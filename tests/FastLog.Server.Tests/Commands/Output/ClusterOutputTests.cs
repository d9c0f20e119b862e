using System.Text.Json;
using FastLog.Client;
using FastLog.Protocol;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands.Output;

public class ClusterOutputTests
{
    private static readonly ClusterDescription Cluster = new("clusterClusterCluster1", 1, []);

    private static readonly BrokerDescription[] Brokers =
    [
        new(1, new BrokerEndpoint("host", 9092), "r1", false),
        new(12, new BrokerEndpoint("gone", 9092), null, true),
    ];

    private static readonly FeaturesDescription Features = new(
        77, [new("group.version", 0, 1, 1), new("strange.version", null, null, 3)]);

    private static readonly QuorumDescription Quorum = new(
        1, 4, 99, [new(1, Guid.Empty, 100, 1_700_000_000_000, 1_700_000_000_000), new(2, Guid.Empty, 90, -1, -1)], []);

    private static readonly LogDirectoryDescription[] Directories =
    [
        new(
            1,
            "/data/a",
            ErrorCode.None,
            20L << 30,
            5L << 30,
            [
                new(new("t", 1), 2048, 0, false),
                new(new("t", 0), 1024, 3, true),
            ]),
        new(1, "/data/b", ErrorCode.KafkaStorageError, -1, -1, []),
    ];

    [Fact]
    public void A_cluster_is_shown_to_people()
    {
        var text = Show(writer => ClusterOutput.Write(Cluster, Brokers, Features, Quorum, false, writer));

        Assert.Equal(
            """
            Cluster clusterClusterCluster1   controller 1

            BROKER  ENDPOINT   RACK  STATE
                 1  host:9092  r1    running
                12  gone:9092  -     fenced

            FEATURE          SUPPORTED  FINALIZED
            group.version    0-1                1
            strange.version  -                  3

            Metadata quorum   leader 1   epoch 4   high watermark 99   log end 100
            NODE  ROLE    LOG END  LAG  LAST CAUGHT UP        DIRECTORY
               1  leader      100    0  2023-11-14 22:13:20Z  -
               2  voter        90   10  -                     -

            """,
            text);
    }

    [Fact]
    public void A_cluster_is_one_document_to_programs()
    {
        using var document = JsonDocument.Parse(Show(writer => ClusterOutput.Write(Cluster, Brokers, Features, Quorum, true, writer)));

        var cluster = document.RootElement;
        Assert.Equal("clusterClusterCluster1", cluster.GetProperty("clusterId").GetString());
        Assert.Equal(1, cluster.GetProperty("controllerId").GetInt32());
        Assert.Equal(
            (12, "gone", 9092, true),
            (
                cluster.GetProperty("brokers")[1].GetProperty("id").GetInt32(),
                cluster.GetProperty("brokers")[1].GetProperty("host").GetString(),
                cluster.GetProperty("brokers")[1].GetProperty("port").GetInt32(),
                cluster.GetProperty("brokers")[1].GetProperty("fenced").GetBoolean()));
        Assert.Equal(77, cluster.GetProperty("featuresEpoch").GetInt64());
        var feature = cluster.GetProperty("features")[0];
        Assert.Equal(
            ("group.version", 0, 1, 1),
            (
                feature.GetProperty("name").GetString(),
                feature.GetProperty("minSupported").GetInt32(),
                feature.GetProperty("maxSupported").GetInt32(),
                feature.GetProperty("finalized").GetInt32()));
        Assert.Equal(100, cluster.GetProperty("quorum").GetProperty("logEndOffset").GetInt64());
        Assert.Equal(2, cluster.GetProperty("quorum").GetProperty("voters").GetArrayLength());
    }

    [Fact]
    public void Directories_are_shown_to_people()
    {
        var text = Show(writer => LogDirsOutput.Write(Directories, withDetails: true, isJson: false, writer));

        Assert.Equal(
            """
            BROKER  PATH     STATE    PARTITIONS     SIZE      DISK     FREE
                 1  /data/a  online            2  3.0 KiB  20.0 GiB  5.0 GiB
                 1  /data/b  offline           -        -         -        -

            /data/a of broker 1
              TOPIC  PARTITION     SIZE  LAG  FUTURE
              t              0  1.0 KiB    3  yes
              t              1  2.0 KiB    0  no

            """,
            text);
    }

    [Fact]
    public void Directories_are_one_document_to_programs()
    {
        using var document = JsonDocument.Parse(Show(writer => LogDirsOutput.Write(Directories, withDetails: true, isJson: true, writer)));

        var first = document.RootElement[0];
        Assert.Equal(("/data/a", "online", 2), (
            first.GetProperty("path").GetString(), first.GetProperty("state").GetString(), first.GetProperty("partitions").GetInt32()));
        Assert.Equal(3072, first.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(5L << 30, first.GetProperty("usableBytes").GetInt64());
        var replica = first.GetProperty("replicas")[0];
        Assert.Equal((0, 1024L, true), (
            replica.GetProperty("partition").GetInt32(), replica.GetProperty("sizeBytes").GetInt64(), replica.GetProperty("future").GetBoolean()));
        Assert.Equal("offline", document.RootElement[1].GetProperty("state").GetString());
    }

    [Fact]
    public void Without_details_there_are_no_replicas()
    {
        Assert.DoesNotContain("TOPIC", Show(writer => LogDirsOutput.Write(Directories, false, false, writer)), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(Show(writer => LogDirsOutput.Write(Directories, false, true, writer)));
        Assert.Equal(JsonValueKind.Null, document.RootElement[0].GetProperty("replicas").ValueKind);
        Assert.Equal(2, document.RootElement[0].GetProperty("partitions").GetInt32());
    }

    private static string Show(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return writer.ToString();
    }
}
