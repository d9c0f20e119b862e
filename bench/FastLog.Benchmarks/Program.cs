using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using FastLog.Benchmarks.Trials;

if (args is ["--smoke"])
{
    SmokeRun.Print(Console.Out);
    return 0;
}

// BenchmarkDotNet's own way is to generate and build a project for each run, which knows neither this repository's
// layout of outputs nor this runtime. So benchmarks run in this process unless the command line says otherwise.
string[] processChoices = ["-i", "--inprocess", "-r", "--runtimes"];
string[] arguments = args.Any(arg => processChoices.Contains(arg, StringComparer.OrdinalIgnoreCase)) ? args : [.. args, "--inProcess"];
IConfig config = ManualConfig.Create(DefaultConfig.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments, config);
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
