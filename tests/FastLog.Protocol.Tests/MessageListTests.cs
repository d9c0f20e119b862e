using FastLog.Protocol.Messages;

namespace FastLog.Protocol.Tests;

public sealed class MessageListTests
{
    [Fact]
    public void Cleared_elements_are_handed_out_again_with_their_fields_reset()
    {
        var list = new MessageList<FetchRequest.FetchTopic>();
        FetchRequest.FetchTopic first = list.Add();
        first.Topic = "a";
        first.Partitions.Add().Partition = 7;
        list.Clear();
        Assert.Empty(list);

        FetchRequest.FetchTopic again = list.Add();
        Assert.Same(first, again);
        Assert.Equal("", again.Topic);
        Assert.Empty(again.Partitions);
        Assert.NotSame(first, list.Add());
    }

    [Fact]
    public void A_removed_element_is_handed_out_again()
    {
        var list = new MessageList<FetchRequest.FetchTopic>();
        FetchRequest.FetchTopic only = list.Add();
        list.RemoveLast();
        Assert.Same(only, list.Add());
        list.Clear();
        Assert.Throws<ArgumentOutOfRangeException>(list.RemoveLast);
    }

    [Fact]
    public void A_huge_list_is_let_go_of_when_cleared()
    {
        var list = new MessageList<FetchRequest.FetchTopic>();
        FetchRequest.FetchTopic first = list.Add();
        while (list.Count <= MessageList<FetchRequest.FetchTopic>.RetainedElementsMax)
        {
            list.Add();
        }

        list.Clear();
        Assert.NotSame(first, list.Add());
    }

    [Fact]
    public void Elements_outside_of_the_list_cannot_be_reached()
    {
        MessageList<int> list = [1, 2, 3];
        list[1] = 5;
        Assert.Equal([1, 5, 3], list);
        list.Clear();
        list.AddRange([7]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1] = 2);
        Assert.Equal([7], list.AsSpan().ToArray());
    }

    [Fact]
    public void A_nullable_list_is_filled_in_place_of_null()
    {
        var request = new MetadataRequest { Topics = null };
        request.EnsureTopics().Add().Name = "a";
        MessageList<MetadataRequest.MetadataRequestTopic> list = request.EnsureTopics();
        Assert.Equal("a", Assert.Single(list).Name);

        request.Topics = null;
        Assert.Empty(request.EnsureTopics());
        Assert.Same(list, request.Topics);
    }
}
