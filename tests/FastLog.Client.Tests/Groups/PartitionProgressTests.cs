namespace FastLog.Client.Tests.Groups;

public class PartitionProgressTests
{
    [Fact]
    public void What_was_confirmed_stands_when_records_before_it_are_given_back()
    {
        PartitionProgress progress = new();
        int first = progress.Lend(10, 0);
        int second = progress.Lend(20, 0);
        progress.ConfirmUpTo(20, 0);
        Assert.True(progress.GiveBack(first));
        progress.Confirm();
        Assert.Equal(20, progress.Confirmed.Offset);
        Assert.True(progress.GiveBack(second));
        progress.Confirm();
        Assert.Equal(20, progress.Confirmed.Offset);
    }

    [Fact]
    public void What_is_not_taken_after_all_is_no_longer_processed()
    {
        PartitionProgress progress = new();
        int number = progress.Lend(10, 0);
        progress.ConfirmUpTo(10, 0);
        Assert.True(progress.CutBack(number, 5));
        progress.Confirm();
        Assert.Equal(5, progress.Confirmed.Offset);
    }
}
