using System.Diagnostics;
using System.Text.Json;

namespace FastLog.StorageBench.Tests;

/// <summary>Every measurement runs, small, as a process of its own, and prints its figures; how large they are is not asked.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastlog-storage-bench-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("append --megabytes 2 --batch-bytes 100000", "fastlog_mb_s raw_mb_s ratio")]
    [InlineData("partitions 5", "fastlog_ms fdatasync_1_ms fdatasync_32_ms syncfs_ms journal_ms journal_rounds_s")]
    [InlineData("idle 20", "clean_start_s clean_resident_mb clean_open_files unclean_start_s unclean_resident_mb unclean_open_files")]
    [InlineData("reads 0.002 --reads 200", "offset_p50_us offset_p99_us offset_reads_s offset_cpu_us timestamp_p50_us")]
    public async Task A_measurement_prints_its_figures_and_leaves_nothing_behind(string arguments, string figures)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FastLog.StorageBench.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments.Split(' '), "--rounds", "2", "--dir", _folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{arguments} ended with {process.ExitCode}: {output} {await errors}");
        string last = output.TrimEnd().Split('\n')[^1];
        using JsonDocument line = JsonDocument.Parse(last);
        Assert.All(figures.Split(' '), figure => Assert.True(line.RootElement.GetProperty(figure).GetDouble() > 0, $"{figure} in {last}"));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_told()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FastLog.StorageBench.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "partitions", "many"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("many", errors, StringComparison.Ordinal);
    }
}
