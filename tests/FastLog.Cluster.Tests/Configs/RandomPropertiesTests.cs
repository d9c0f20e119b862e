using System.Text;
using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class RandomPropertiesTests
{
    private const int Files = 4000;

    private static readonly string[] Pieces =
    [
        "=", ":", " ", "\t", "\\", "\\u", "\\u00e9", "\n", "\r\n", "#", "!", ",", "[", "]", "@", "://", "\0", "\u2028",
        "PLAINTEXT", "CONTROLLER", "0.0.0.0", "::1", "localhost", "9092", "-1", "0", "99999999999999999999", "true",
        "1e400", "NaN", "broker", "compact", "listeners", "log.dirs", "\ud800", "\u0660",
    ];

    [Fact]
    public void Random_files_start_a_broker_or_are_refused_in_one_line()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        int started = 0;
        for (int i = 0; i < Files; i++)
        {
            string text = RandomFile(random);
            try
            {
                BrokerConfigResult result = BrokerConfig.Parse(ServerProperties.Parse(text), "box");
                Assert.NotEmpty(result.Config.Listeners);
                Assert.All(result.Warnings, warning => Assert.DoesNotContain(warning, char.IsControl));
                Assert.NotEmpty(ConfigDescriber.DescribeBroker(result.Config.Values, null));
                started++;
            }
            catch (ConfigException e)
            {
                Assert.False(e.Message.Any(char.IsControl), $"seed {seed}, file {i}: {e.Message}");
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, file {i}: {e}\n{text}");
            }
        }

        // Both ways out have to be taken, or the files were not random enough to test anything.
        Assert.InRange(started, 1, Files - 1);
    }

    [Fact]
    public void Random_values_of_a_topic_are_allowed_exactly_when_they_can_be_used()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int i = 0; i < Files; i++)
        {
            string name = TopicConfigDefinitions.All[random.Next(TopicConfigDefinitions.All.Count)].Name;
            string value = RandomValue(random);
            var own = new Dictionary<string, string> { [name] = value };
            bool isAllowed = TopicConfig.Validate(name, value) is null;
            Exception? thrown = Record.Exception(() => new TopicConfig(BrokerConfigValues.Defaults, own));

            // Tiering has the right type and is refused for another reason.
            bool isTiering = name == "remote.storage.enable" && thrown is null;
            Assert.True(isAllowed ? thrown is null : isTiering || thrown is ConfigException, $"seed {seed}, round {i}: {name}={value}: {thrown}");
        }
    }

    private static string RandomFile(Random random)
    {
        var text = new StringBuilder();
        int lines = random.Next(4);
        for (int line = 0; line < lines; line++)
        {
            bool isKnown = random.Next(4) > 0;
            text.Append(isKnown
                ? BrokerConfigDefinitions.All[random.Next(BrokerConfigDefinitions.All.Count)].Name
                : RandomValue(random));
            text.Append(random.Next(8) > 0 ? '=' : ' ').Append(RandomValue(random)).Append('\n');
        }

        return text.ToString();
    }

    private static string RandomValue(Random random)
    {
        var text = new StringBuilder();
        int pieces = random.Next(5);
        for (int i = 0; i < pieces; i++)
        {
            text.Append(random.Next(3) > 0
                ? Pieces[random.Next(Pieces.Length)]
                : ((char)random.Next(32, 127)).ToString());
        }

        return text.ToString();
    }
}
