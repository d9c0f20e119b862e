using System.Text;

namespace FastLog.Protocol.Tests.Wire;

public sealed class StringCacheTests
{
    [Fact]
    public void A_string_that_was_seen_is_the_same_object()
    {
        var cache = new StringCache();
        Assert.Same(cache.Get("topic"u8), cache.Get("topic"u8));
    }

    [Fact]
    public void A_crowded_cache_still_tells_strings_apart()
    {
        var cache = new StringCache(entriesMax: 2);
        for (int i = 0; i < 1000; i++)
        {
            string text = $"topic-{i % 10}";
            Assert.Equal(text, cache.Get(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void Long_strings_are_not_kept()
    {
        byte[] utf8 = new byte[StringCache.StringBytesMax + 1];
        utf8.AsSpan().Fill((byte)'x');
        var cache = new StringCache();
        Assert.NotSame(cache.Get(utf8), cache.Get(utf8));
        Assert.Same(cache.Get(utf8.AsSpan(1)), cache.Get(utf8.AsSpan(1)));
    }
}
