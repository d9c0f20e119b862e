using System.CommandLine;
using System.Globalization;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>Whose configs a command is about: exactly one of the options that name it.</summary>
internal sealed class ConfigTarget
{
    private readonly Option<string> _topic = new("--topic") { Description = "A topic.", HelpName = "NAME" };

    private readonly Option<int?> _broker = new("--broker") { Description = "One broker, by its id.", HelpName = "ID" };

    private readonly Option<bool> _brokers = new("--brokers")
    {
        Description = "All brokers: what is set for a broker itself is stronger.",
    };

    private readonly Option<int?> _loggers = new("--loggers")
    {
        Description = "The loggers of a broker, by its id; their levels last until it stops.",
        HelpName = "ID",
    };

    private readonly Option<string> _group = new("--group") { Description = "A group.", HelpName = "GROUP" };

    private readonly Option<string> _clientMetrics = new("--client-metrics")
    {
        Description = "A subscription to the metrics of clients.",
        HelpName = "NAME",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [_topic, _broker, _brokers, _loggers, _group, _clientMetrics];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (options.Count(option => result.GetResult(option) is { Implicit: false }) != 1)
            {
                result.AddError($"Say whose configs: one of {string.Join(", ", options.Select(option => option.Name))}.");
            }
        });
    }

    /// <summary>The resource that was named.</summary>
    public (ConfigResourceType Type, string Name) From(ParseResult parsed) =>
        parsed.GetValue(_topic) is { } topic ? (ConfigResourceType.Topic, topic)
        : parsed.GetValue(_group) is { } group ? (ConfigResourceType.Group, group)
        : parsed.GetValue(_clientMetrics) is { } subscription ? (ConfigResourceType.ClientMetrics, subscription)
        : parsed.GetValue(_loggers) is { } ofLoggers ? (ConfigResourceType.BrokerLogger, Text(ofLoggers))
        : parsed.GetValue(_broker) is { } broker ? (ConfigResourceType.Broker, Text(broker))
        : (ConfigResourceType.Broker, "");

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
