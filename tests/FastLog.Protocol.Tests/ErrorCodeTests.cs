namespace FastLog.Protocol.Tests;

public sealed class ErrorCodeTests
{
    [Fact]
    public void Every_code_has_a_name_that_is_its_identifier_in_capitals()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            Assert.Equal(code.ToString().ToUpperInvariant(), code.Name().Replace("_", "", StringComparison.Ordinal));
            Assert.True(code == ErrorCode.None || code.Message().EndsWith('.'), $"{code} has no text");
        }

        Assert.Equal(135, Enum.GetValues<ErrorCode>().Length);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownServerError, -1, false, false)]
    [InlineData(ErrorCode.None, 0, false, false)]
    [InlineData(ErrorCode.NotLeaderOrFollower, 6, true, true)]
    [InlineData(ErrorCode.RequestTimedOut, 7, true, false)]
    [InlineData(ErrorCode.MessageTooLarge, 10, false, false)]
    [InlineData(ErrorCode.RebootstrapRequired, 129, false, false)]
    [InlineData(ErrorCode.ShareSessionLimitReached, 133, true, false)]
    public void Codes_have_the_numbers_and_the_retries_of_the_protocol(
        ErrorCode code, short number, bool retriable, bool refreshesMetadata)
    {
        Assert.Equal(number, (short)code);
        Assert.Equal(retriable, code.IsRetriable());
        Assert.Equal(refreshesMetadata, code.RefreshesMetadata());
    }

    [Fact]
    public void Codes_without_a_name_are_told_by_their_number()
    {
        Assert.Equal("999", ((ErrorCode)999).Name());
        Assert.Equal("", ((ErrorCode)(-2)).Message());
        Assert.False(((ErrorCode)999).IsRetriable());
    }
}
