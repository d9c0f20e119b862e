using System.Text;
using FastLog.Load.Payloads;

namespace FastLog.Load.Tests.Payloads;

public sealed class KeySourceTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Without_keys_there_are_none()
    {
        KeySource keys = new(KeyDistribution.None, seed: 1);
        Assert.True(keys.IsNone);
        Assert.True(keys.Next().IsEmpty);
    }

    [Fact]
    public void A_key_is_text_of_one_size_and_a_seed_repeats_it()
    {
        KeySource keys = new(KeyDistribution.Parse("uniform:1000"), seed: 4);
        KeySource same = new(KeyDistribution.Parse("uniform:1000"), seed: 4);
        KeySource other = new(KeyDistribution.Parse("uniform:1000"), seed: 4, user: 1);
        string[] drawn = [.. Enumerable.Range(0, 50).Select(_ => Encoding.ASCII.GetString(keys.Next()))];
        Assert.All(drawn, key => Assert.Matches("^key-000000[0-9]{3}$", key));
        Assert.All(drawn, key => Assert.Equal(KeySource.KeyBytes, key.Length));
        Assert.Equal(drawn, Enumerable.Range(0, 50).Select(_ => Encoding.ASCII.GetString(same.Next())));
        Assert.NotEqual(drawn, Enumerable.Range(0, 50).Select(_ => Encoding.ASCII.GetString(other.Next())));
    }

    [Fact]
    public void Uniform_keys_are_all_as_frequent()
    {
        int[] counts = Count("uniform:20", 20);
        Assert.All(counts, count => Assert.InRange(count, Draws / 20 * 9 / 10, Draws / 20 * 11 / 10));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Zipf_keys_are_as_frequent_as_one_over_their_number(int keysCount)
    {
        int[] counts = Count($"zipf:{keysCount}", keysCount);
        double sum = Enumerable.Range(1, keysCount).Sum(number => 1.0 / number);
        for (int i = 0; i < Math.Min(keysCount, 10); i++)
        {
            double expected = Draws / (sum * (i + 1));
            Assert.InRange(counts[i], expected * 0.93, expected * 1.07);
        }
    }

    [Fact]
    public void A_single_key_is_always_that() =>
        Assert.Equal([Draws], Count("zipf:1", 1));

    [Theory]
    [InlineData("none", KeyChoice.None, 0)]
    [InlineData("uniform:5", KeyChoice.Uniform, 5)]
    [InlineData("zipf:100000000", KeyChoice.Zipf, 100_000_000)]
    public void Distributions_are_read_and_written(string text, KeyChoice choice, int count)
    {
        KeyDistribution keys = KeyDistribution.Parse(text);
        Assert.Equal(new KeyDistribution(choice, count), keys);
        Assert.Equal(text, keys.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("some")]
    [InlineData("none:1")]
    [InlineData("uniform")]
    [InlineData("uniform:0")]
    [InlineData("zipf:-1")]
    [InlineData("zipf:1e3")]
    [InlineData("zipf:100000001")]
    public void What_is_no_distribution_is_refused(string text) =>
        Assert.Throws<FormatException>(() => KeyDistribution.Parse(text));

    [Theory]
    [InlineData("100", 100, 100)]
    [InlineData("0", 0, 0)]
    [InlineData("uniform:50-1500", 50, 1500)]
    public void Sizes_are_read_and_written(string text, int least, int most)
    {
        RecordSizes sizes = RecordSizes.Parse(text);
        Assert.Equal(new RecordSizes(least, most), sizes);
        Assert.Equal(text, sizes.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1k")]
    [InlineData("uniform:5")]
    [InlineData("uniform:9-5")]
    [InlineData("uniform:1-2-3")]
    [InlineData("99999999999")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Throws<FormatException>(() => RecordSizes.Parse(text));

    private static int[] Count(string distribution, int keysCount)
    {
        KeySource keys = new(KeyDistribution.Parse(distribution), seed: 1);
        int[] counts = new int[keysCount];
        for (int i = 0; i < Draws; i++)
        {
            counts[keys.NextNumber()]++;
        }

        return counts;
    }
}
