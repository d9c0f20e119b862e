using System.Globalization;

namespace FastLog.Load.Measuring;

/// <summary>Looks at a running process through <c>/proc</c>; costs it nothing.</summary>
/// <param name="pid">The process.</param>
/// <param name="procFolder">Where the kernel keeps its files.</param>
public sealed class ProcessProbe(int pid, string procFolder = "/proc")
{
    private readonly string _folder = Path.Combine(procFolder, pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>What the process has used since it started.</summary>
    /// <exception cref="ProcessGoneException">There is no such process, or none that this user may look at.</exception>
    public ProcessSnapshot Take()
    {
        try
        {
            string status = Read("status");
            string io = Read("io");
            return new ProcessSnapshot
            {
                Times = ProcFiles.ParseStat(Read("stat")),
                // A process that is ending has no memory left to speak of, and no such lines.
                PeakResidentBytes = ProcFiles.ParseValue(status, "VmHWM") ?? 0,
                ResidentBytes = ProcFiles.ParseValue(status, "VmRSS") ?? 0,
                Io = new ProcessIo(
                    Required(io, "syscr"),
                    Required(io, "syscw"),
                    Required(io, "wchar"),
                    Required(io, "read_bytes"),
                    Required(io, "write_bytes")),
                SwitchesByThread = TakeSwitches(),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProcessGoneException($"cannot look at process {pid}: {e.Message}", e);
        }
    }

    /// <summary>The kernel counts switches a thread, and forgets them with it.</summary>
    private Dictionary<int, ContextSwitches> TakeSwitches()
    {
        Dictionary<int, ContextSwitches> switches = [];
        foreach (string thread in Directory.EnumerateDirectories(Path.Combine(_folder, "task")))
        {
            string status;
            try
            {
                status = File.ReadAllText(Path.Combine(thread, "status"));
            }
            catch (IOException)
            {
                // It has ended since the folder was listed.
                continue;
            }

            switches[int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)] = new ContextSwitches(
                Required(status, "voluntary_ctxt_switches"), Required(status, "nonvoluntary_ctxt_switches"));
        }

        return switches;
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder, name));

    private static long Required(string text, string name) =>
        ProcFiles.ParseValue(text, name) ?? throw new FormatException($"/proc says nothing about {name}");
}
