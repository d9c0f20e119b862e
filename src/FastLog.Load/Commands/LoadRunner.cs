using System.CommandLine;
using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Commands;

/// <summary>Runs a load and prints its result, or the one line that says why there is none.</summary>
internal static class LoadRunner
{
    public static async Task<int> RunAsync(LoadOptions options, ParseResult parsed, Func<Task<LoadResult>> load)
    {
        try
        {
            LoadResult result = await load() with
            {
                Scenario = parsed.GetValue(options.Scenario)!,
                Command = string.Join(' ', ["FastLog.LoadGen", .. parsed.Tokens.Select(token => token.Value)]),
            };
            if (parsed.GetValue(options.Json))
            {
                Console.WriteLine(ResultJson.Write(result, isIndented: true));
            }
            else
            {
                ResultTable.Print(result);
            }

            return 0;
        }
        catch (Exception e) when (e is LoadFailedException or KafkaException or ProcessGoneException or FormatException)
        {
            await Console.Error.WriteLineAsync($"FastLog.LoadGen: {e.Message}");
            return 1;
        }
    }
}
