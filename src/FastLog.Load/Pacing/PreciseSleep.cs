using System.Runtime.InteropServices;
using FastLog.Load.Measuring;

namespace FastLog.Load.Pacing;

/// <summary>
/// Sleeps until a time, on the calling thread, to some ten microseconds and without spinning: the kernel's own timer,
/// with the slack that it otherwise gives timers (50 us) taken away.
/// </summary>
/// <remarks>What is left is the way from the timer's interrupt to the thread, which a busy machine makes longer. The load
/// measures and prints it.</remarks>
internal static partial class PreciseSleep
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>To be called once by the thread that sleeps.</summary>
    public static void Prepare() => _ = SetThreadOption(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Returns at <paramref name="atNs"/> of <see cref="MonotonicClock"/> or later; at once when that is past. A
    /// signal may make it return earlier.</summary>
    public static void Until(long atNs)
    {
        TimeSpec until = new() { Seconds = (nint)(atNs / NsPerSecond), Nanoseconds = (nint)(atNs % NsPerSecond) };
        _ = SleepUntil(ClockMonotonic, AbsoluteTime, in until, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int SleepUntil(int clock, int flags, in TimeSpec until, nint left);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetThreadOption(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
