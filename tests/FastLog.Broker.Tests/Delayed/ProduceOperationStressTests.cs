using FastLog.Broker.Delayed;
using FastLog.Broker.Requests;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;

namespace FastLog.Broker.Tests.Delayed;

/// <summary>
/// Deadlines race with flushers: every request is answered once, with success only for what was durable, and every
/// operation comes back to its pool once, when nobody can call it any more.
/// </summary>
public sealed class ProduceOperationStressTests
{
    private const int Clients = 2;
    private const int RequestsPerClient = 4_000;
    private const int PipelinedMax = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_request_is_answered_once_and_every_operation_comes_back(int seed)
    {
        using var one = new TestPartition();
        using var other = new TestPartition();
        TestPartition[] partitions = [one, other];
        using var wheel = new TimerWheel(TimeProvider.System);
        var created = 0;
        OperationPool<ProduceOperation> operations = new(pool =>
        {
            Interlocked.Increment(ref created);
            return new ProduceOperation(pool, wheel);
        });
        var random = new ThreadLocal<Random>(() => new Random(seed));
        await using var host = new DelayedHost(context => Start(context, operations, partitions, random.Value!));
        wheel.Run();
        var isDone = false;
        var flushers = partitions.Select(partition => OnThread(() => Flush(partition, ref isDone))).ToArray();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(_ => OnThread(() => SendAll(host, partitions))));

        Volatile.Write(ref isDone, true);
        await Task.WhenAll(flushers);
        Assert.True(outcomes.Sum(seen => seen.Reached) > 0, $"seed {seed}: nothing was reached");
        Assert.True(outcomes.Sum(seen => seen.TimedOut) > 0, $"seed {seed}: nothing timed out");
        Until.True(() => operations.Count == Volatile.Read(ref created));
        Assert.Equal(0, wheel.Count);
        Assert.All(partitions, partition => Assert.Equal(
            (0, 0), (partition.Partition.DurableWaitersCount, partition.Partition.HighWatermarkWaitersCount)));
    }

    private static void Start(
        RequestContext context, OperationPool<ProduceOperation> operations, TestPartition[] partitions, Random random)
    {
        var operation = operations.Rent();
        operation.Begin(context);
        var topic = operation.Response.Responses.Add();
        topic.Name = "t";
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var entry = topic.PartitionResponses.Add();
            entry.Index = random.Next(partitions.Length);
            var partition = partitions[entry.Index].Partition;
            // Now and then far ahead: only the deadline ends that wait.
            entry.BaseOffset = partition.HighWatermark + (random.Next(20) == 0 ? 1_000_000_000 : random.Next(0, 4));
            operation.AddWait(partition, entry.BaseOffset, entry);
        }

        operation.Start(acksAll: random.Next(2) == 0, timeoutMs: random.Next(0, 12));
    }

    private static void Flush(TestPartition partition, ref bool isDone)
    {
        for (var end = 1L; !Volatile.Read(ref isDone); end++)
        {
            partition.MoveDurableEnd(end);
            Thread.Yield();
        }
    }

    private static (int Reached, int TimedOut) SendAll(DelayedHost host, TestPartition[] partitions)
    {
        using var client = host.Connect();
        var (reached, timedOut, sent, received) = (0, 0, 0, 0);
        while (received < RequestsPerClient)
        {
            while (sent < RequestsPerClient && sent - received < PipelinedMax)
            {
                client.SendOnly(DelayedHost.Frame(client));
                sent++;
            }

            var response = DelayedHost.Receive(client, out var correlationId);
            received++;
            Assert.Equal(received, correlationId);
            foreach (var entry in response.Responses[0].PartitionResponses)
            {
                if (entry.ErrorCode == ErrorCode.None)
                {
                    Assert.True(partitions[entry.Index].Partition.HighWatermark >= entry.BaseOffset, "answered too early");
                    reached++;
                }
                else
                {
                    Assert.Equal((ErrorCode.RequestTimedOut, -1L), (entry.ErrorCode, entry.BaseOffset));
                    timedOut++;
                }
            }
        }

        Assert.False(client.HasResponse);
        return (reached, timedOut);
    }

    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> OnThread<T>(Func<T> action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
