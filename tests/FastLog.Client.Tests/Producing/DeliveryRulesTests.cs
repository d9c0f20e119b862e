using FastLog.Protocol;

namespace FastLog.Client.Tests.Producing;

public class DeliveryRulesTests
{
    [Theory]
    [InlineData(ErrorCode.None, Verdict.Delivered)]
    [InlineData(ErrorCode.DuplicateSequenceNumber, Verdict.Delivered)]
    [InlineData(ErrorCode.NotLeaderOrFollower, Verdict.Retry)]
    [InlineData(ErrorCode.NetworkException, Verdict.Retry)]
    [InlineData(ErrorCode.RequestTimedOut, Verdict.Retry)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend, Verdict.Retry)]
    [InlineData(ErrorCode.MessageTooLarge, Verdict.Fail)]
    [InlineData(ErrorCode.InvalidRecord, Verdict.Fail)]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber, Verdict.Fail)]
    internal void Errors_are_judged_by_what_Kafka_says_of_them(ErrorCode error, Verdict expected) =>
        Assert.Equal(expected, DeliveryRules.Judge(new BatchOutcome(error, true, false, false, false)));

    [Fact]
    public void What_took_too_long_is_given_up() =>
        Assert.Equal(
            Verdict.Fail,
            DeliveryRules.Judge(new BatchOutcome(ErrorCode.NotLeaderOrFollower, true, false, false, IsExpired: true)));

    [Fact]
    public void Stored_counts_even_when_it_took_too_long() =>
        Assert.Equal(
            Verdict.Delivered, DeliveryRules.Judge(new BatchOutcome(ErrorCode.None, true, false, false, IsExpired: true)));

    [Theory]
    [InlineData(true, false, Verdict.Retry)]
    [InlineData(true, true, Verdict.Retry)]
    [InlineData(false, true, Verdict.RetryWithNewSequence)]
    [InlineData(false, false, Verdict.Fail)]
    internal void Out_of_order_is_expected_only_after_a_batch_that_is_missing(
        bool hasEarlierUnresolved, bool hasEarlierFailed, Verdict expected) =>
        Assert.Equal(
            expected,
            DeliveryRules.Judge(new BatchOutcome(
                ErrorCode.OutOfOrderSequenceNumber, true, hasEarlierUnresolved, hasEarlierFailed, false)));
}
