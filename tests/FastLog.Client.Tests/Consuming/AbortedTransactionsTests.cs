using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Client.Tests.Consuming;

public class AbortedTransactionsTests
{
    [Fact]
    public void Drops_from_the_first_offset_to_the_abort_marker_and_no_other_producer()
    {
        AbortedTransactions transactions = new();
        transactions.Load(Aborted((7, 10), (8, 30)));
        Assert.False(transactions.IsAborted(Data(7, 5), null));
        Assert.True(transactions.IsAborted(Data(7, 10), null));
        Assert.False(transactions.IsAborted(Data(9, 12), null));
        Assert.False(transactions.IsAborted(Data(-1, 13) with { Attributes = 0 }, null));
        Assert.True(transactions.IsAborted(Data(7, 14), null));
        Assert.False(transactions.IsAborted(Data(7, 20), ControlRecordType.Abort));
        Assert.False(transactions.IsAborted(Data(7, 21), null));
        Assert.True(transactions.IsAborted(Data(8, 30), null));
    }

    [Fact]
    public void Walking_again_starts_anew()
    {
        AbortedTransactions transactions = new();
        transactions.Load(Aborted((7, 10)));
        Assert.True(transactions.IsAborted(Data(7, 10), null));
        transactions.Restart();
        Assert.False(transactions.IsAborted(Data(7, 5), null));
        Assert.True(transactions.IsAborted(Data(7, 10), null));
    }

    private static RecordBatchHeader Data(long producerId, long offset) =>
        new() { ProducerId = producerId, BaseOffset = offset, Attributes = 0x10 };

    private static MessageList<FetchResponse.AbortedTransaction> Aborted(params (long ProducerId, long FirstOffset)[] items)
    {
        MessageList<FetchResponse.AbortedTransaction> list = [];
        foreach ((long producerId, long firstOffset) in items)
        {
            FetchResponse.AbortedTransaction item = list.Add();
            item.ProducerId = producerId;
            item.FirstOffset = firstOffset;
        }

        return list;
    }
}
