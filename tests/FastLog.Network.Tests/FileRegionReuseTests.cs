namespace FastLog.Network.Tests;

/// <summary>A region released twice could be another test's by then, so nothing else may run meanwhile.</summary>
[Collection(nameof(AllocationTests))]
public sealed class FileRegionReuseTests
{
    [Fact]
    public void A_region_is_released_once()
    {
        using var file = new TestFile(10);
        FileRegion region = file.Region(2, 3);
        Assert.Equal(2, region.Offset);
        Assert.Equal(3, region.SizeInBytes);
        region.Dispose();
        Assert.Equal(1, file.Released);
        Assert.Throws<InvalidOperationException>(region.Dispose);
        Assert.Throws<InvalidOperationException>(() => region.Handle);
    }
}
