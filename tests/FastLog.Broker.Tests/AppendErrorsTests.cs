using FastLog.Protocol;
using FastLog.Storage;

namespace FastLog.Broker.Tests;

public sealed class AppendErrorsTests
{
    [Fact]
    public void Every_refusal_of_a_log_has_an_error_code()
    {
        foreach (var error in Enum.GetValues<AppendError>())
        {
            var code = AppendErrors.ToErrorCode(error);
            Assert.NotEqual(ErrorCode.UnknownServerError, code);
            Assert.Equal(error == AppendError.None, code == ErrorCode.None);
        }
    }

    [Theory]
    [InlineData(AppendError.CorruptMessage, 2)]
    [InlineData(AppendError.MessageTooLarge, 10)]
    [InlineData(AppendError.RecordListTooLarge, 18)]
    [InlineData(AppendError.InvalidTimestamp, 32)]
    [InlineData(AppendError.OutOfOrderSequenceNumber, 45)]
    [InlineData(AppendError.InvalidProducerEpoch, 47)]
    [InlineData(AppendError.NoSpace, 56)]
    [InlineData(AppendError.StorageError, 56)]
    [InlineData(AppendError.UnsupportedCompressionType, 76)]
    [InlineData(AppendError.InvalidRecord, 87)]
    public void The_codes_are_kafkas(AppendError error, short code) =>
        Assert.Equal(code, (short)AppendErrors.ToErrorCode(error));

    [Fact]
    public void An_error_that_nobody_knows_is_a_server_error() =>
        Assert.Equal(ErrorCode.UnknownServerError, AppendErrors.ToErrorCode((AppendError)999));
}
