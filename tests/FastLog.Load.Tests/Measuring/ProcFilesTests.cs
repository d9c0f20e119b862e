using FastLog.Load.Measuring;

namespace FastLog.Load.Tests.Measuring;

public sealed class ProcFilesTests
{
    private const string StatAfterName =
        " S 1 4242 4242 0 -1 4194304 9000 12 3 0 1234 567 8 9 20 0 17 0 98765 274877906944 15000 18446744073709551615 1 1 0";

    [Theory]
    [InlineData("(fastlog)")]
    [InlineData("(two words)")]
    [InlineData("(a) S 1 (b)")]
    [InlineData("()")]
    public void Times_are_found_whatever_the_process_is_called(string name) =>
        Assert.Equal(new ProcessTimes(1234, 567, 98765, 9000), ProcFiles.ParseStat("4242 " + name + StatAfterName + "\n"));

    [Theory]
    [InlineData("")]
    [InlineData("4242 (fastlog) S 1 4242")]
    [InlineData("4242 fastlog S 1 4242 4242 0 -1 4194304 9000 12 3 0 1234 567 8 9 20 0 17 0 98765")]
    [InlineData("4242 (fastlog) S 1 4242 4242 0 -1 4194304 9000 12 3 0 many 567 8 9 20 0 17 0 98765")]
    public void What_is_no_stat_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ProcFiles.ParseStat(text));

    [Fact]
    public void Values_are_read_by_their_whole_name()
    {
        const string Status = "Name:\tfastlog\nVmPeak:\t 9999 kB\nVmHWM:\t   61440 kB\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t7\n";
        Assert.Equal(61440L * 1024, ProcFiles.ParseValue(Status, "VmHWM"));
        Assert.Equal(150, ProcFiles.ParseValue(Status, "voluntary_ctxt_switches"));
        Assert.Equal(7, ProcFiles.ParseValue(Status, "nonvoluntary_ctxt_switches"));
        Assert.Null(ProcFiles.ParseValue(Status, "Vm"));
        Assert.Null(ProcFiles.ParseValue(Status, "VmRSS"));
        Assert.Throws<FormatException>(() => ProcFiles.ParseValue(Status, "Name"));
    }

    [Fact]
    public void Written_bytes_are_not_those_taken_back()
    {
        const string Io = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n";
        Assert.Equal(6, ProcFiles.ParseValue(Io, "write_bytes"));
    }

    [Fact]
    public void Idle_time_is_not_busy_time_and_guests_are_not_counted_twice()
    {
        const string Stat = "cpu  100 20 30 40000 5000 6 7 8 90 10\ncpu0 50 10 15 20000 2500 3 3 4 45 5\nintr 1\n";
        Assert.Equal(100 + 20 + 30 + 6 + 7 + 8, ProcFiles.ParseBusyTicks(Stat));
        Assert.Throws<FormatException>(() => ProcFiles.ParseBusyTicks("intr 1 2 3 4 5 6 7 8 9"));
    }
}
