using FsCheck;
using FsCheck.Fluent;

namespace FastLog.Records.Tests;

public class UuidTextTests
{
    [Fact]
    public void The_metadata_topics_id_has_its_known_text()
    {
        Guid metadataTopic = new("00000000-0000-0000-0000-000000000001");
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAQ", UuidText.Format(metadataTopic));
        Assert.Equal(metadataTopic, UuidText.Parse("AAAAAAAAAAAAAAAAAAAAAQ"));
    }

    [Fact]
    public void Bytes_are_taken_in_big_endian_order() =>
        Assert.Equal("EjRWeJq83vD-3LqYdlQyEA", UuidText.Format(new Guid("12345678-9abc-def0-fedc-ba9876543210")));

    [Fact]
    public void Any_uuid_comes_back() =>
        Prop.ForAll((Guid uuid) => UuidText.Parse(UuidText.Format(uuid)) == uuid && UuidText.Format(uuid).Length == UuidText.LengthChars)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQ==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA+Q")]
    [InlineData("AAAAAAAAAA AAAAAAAAAAQ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA==")]
    public void Other_text_is_refused(string? text)
    {
        Assert.False(UuidText.TryParse(text, out Guid uuid));
        Assert.Equal(Guid.Empty, uuid);
        Assert.Throws<FormatException>(() => UuidText.Parse(text!));
    }
}
