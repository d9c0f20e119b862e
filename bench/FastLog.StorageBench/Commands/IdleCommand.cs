using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using FastLog.Storage;
using FastLog.StorageBench.Disk;
using FastLog.StorageBench.Measuring;

namespace FastLog.StorageBench.Commands;

/// <summary>
/// <c>idle N</c>: what N partitions cost that nobody uses, and how long they take to open, each time in a process of its
/// own; after a clean stop and after a kill in turns.
/// </summary>
internal static class IdleCommand
{
    private const string OpenName = "open-idle";

    public static Command Create()
    {
        SharedOptions shared = new(roundsDefault: 3);
        Argument<int> count = new("partitions") { Description = "How many: 10000, 50000." };
        Command command = new("idle", "Memory, open files and start time of partitions that nobody uses.") { count };
        shared.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(shared.Parent)!, parsed.GetValue(shared.Rounds), parsed.GetValue(count)));
        return command;
    }

    /// <summary>The process that opens them: told its directory, it prints what it cost, and ends cleanly or not.</summary>
    public static Command CreateOpen()
    {
        Argument<string> path = new("directory");
        Argument<int> count = new("partitions");
        Option<bool> fill = new("--fill") { Description = "Append one batch to each." };
        Option<bool> die = new("--die") { Description = "End without a word to the disk." };
        Command command = new(OpenName, "Used by idle.") { path, count, fill, die };
        command.Hidden = true;
        command.SetAction((parsed, _) => OpenAsync(
            parsed.GetValue(path)!, parsed.GetValue(count), parsed.GetValue(fill), parsed.GetValue(die)));
        return command;
    }

    private static async Task<int> RunAsync(string parent, int rounds, int count)
    {
        using ScratchFolder folder = new(parent);
        string path = folder.File("idle");
        Opened? made = await StartAsync(path, count, "--fill");
        Dictionary<string, Samples> samples = new(StringComparer.Ordinal);
        for (int round = 0; made is not null && round < rounds; round++)
        {
            // What the last run left decides how this one starts.
            made = await StartAsync(path, count, "--die");
            Take(samples, "clean", made);
            if (made is not null)
                made = await StartAsync(path, count);
            Take(samples, "unclean", made);
        }
        if (made is null)
            return 1;
        Report report = new($"idle, {count} partitions with one batch each, {rounds} rounds");
        foreach ((string start, string article) in ((string, string)[])[("clean", "a"), ("unclean", "an")])
        {
            report.Add($"{start} start", $"{start}_start_s", samples[start + " s"].Median, "s");
            report.Add($"resident memory after {article} {start} start", $"{start}_resident_mb", samples[start + " mb"].Median, "MiB");
            report.Add($"open files after {article} {start} start", $"{start}_open_files", samples[start + " files"].Median, "");
        }
        report.Print();
        return 0;
    }

    private static void Take(Dictionary<string, Samples> samples, string start, Opened? opened)
    {
        if (opened is null)
            return;
        Add(" s", opened.Seconds);
        Add(" mb", opened.ResidentMegabytes);
        Add(" files", opened.OpenFiles);

        void Add(string name, double value)
        {
            if (!samples.TryGetValue(start + name, out Samples? list))
                samples[start + name] = list = new Samples();
            list.Add(value);
        }
    }

    private static async Task<Opened?> StartAsync(string path, int count, params string[] options)
    {
        string program = Environment.ProcessPath!;
        string[] ownFile = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        ProcessStartInfo start = new(program, [.. ownFile, OpenName, path, $"{count}", .. options]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Length == 0 ? null : JsonSerializer.Deserialize<Opened>(output);
    }

    private static async Task<int> OpenAsync(string path, int count, bool fills, bool dies)
    {
        long begin = Stopwatch.GetTimestamp();
        LogDirectory directory = BenchDirectory.Open(path);
        PartitionLog[] logs = BenchDirectory.OpenLogs(directory, count, new LogConfig());
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        if (fills)
        {
            byte[] batch = BenchBatches.Make(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            foreach (PartitionLog log in logs)
                log.Append(new(batch), AppendOrigin.Client, leaderEpoch: 0);
            directory.FlushAll();
        }
        GC.Collect();
        Console.WriteLine(JsonSerializer.Serialize(new Opened(seconds, ProcessMemory.ResidentMegabytes(), ProcessMemory.OpenFiles())));
        if (dies)
        {
            await Console.Out.FlushAsync();
            Process.GetCurrentProcess().Kill();
        }
        await directory.DisposeAsync();
        return 0;
    }

    private sealed record Opened(double Seconds, double ResidentMegabytes, int OpenFiles);
}
