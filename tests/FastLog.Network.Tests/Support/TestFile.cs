using Microsoft.Win32.SafeHandles;

namespace FastLog.Network.Tests;

/// <summary>A file of random bytes, and how many leases on it were released.</summary>
internal sealed class TestFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private int _released;

    public TestFile(int sizeBytes, int seed = 1)
    {
        Bytes = new byte[sizeBytes];
        new Random(seed).NextBytes(Bytes);
        File.WriteAllBytes(_path, Bytes);
        Handle = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite);
    }

    public byte[] Bytes { get; }

    public SafeFileHandle Handle { get; }

    public int Released => Volatile.Read(ref _released);

    public FileRegion Region(long offset, int sizeInBytes) =>
        FileRegion.Rent(Handle, offset, sizeInBytes, new Lease(this));

    public void Truncate(long length) => RandomAccess.SetLength(Handle, length);

    public void Dispose()
    {
        Handle.Dispose();
        File.Delete(_path);
    }

    private sealed class Lease(TestFile file) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            Assert.Equal(0, Interlocked.Exchange(ref _isReleased, 1));
            Interlocked.Increment(ref file._released);
        }
    }
}
