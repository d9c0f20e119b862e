namespace FastLog.Server.Commands;

/// <summary>
/// Cuts a stream into lines, many at a time: <see cref="ReadAsync"/> brings bytes, <see cref="TryTake"/> hands out the
/// lines in them. Lines end with a line feed; the last one may lack it.
/// </summary>
internal sealed class LineReader(Stream input, int lineBytesMax)
{
    private const int InitialBytes = 256 * 1024;

    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private int _searched;
    private bool _isAtEnd;

    /// <summary>Takes the next line, without its line feed; valid until <see cref="ReadAsync"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length >= 0)
        {
            var lineEnd = _searched + length;
            line = _buffer.AsSpan(_start, lineEnd - _start);
            _start = _searched = lineEnd + 1;
            return true;
        }

        _searched = _end;
        line = _isAtEnd ? _buffer.AsSpan(_start, _end - _start) : default;
        var isLast = _isAtEnd && _start < _end;
        _start = _isAtEnd ? _end : _start;
        return isLast;
    }

    /// <summary>Puts the line that was taken last back, to be taken again.</summary>
    public void PutBack(int lineLength)
    {
        var hasLineFeed = _start > 0 && _buffer[_start - 1] == (byte)'\n' && _start - 1 - lineLength >= 0;
        _start = _searched = _start - lineLength - (hasLineFeed ? 1 : 0);
    }

    /// <summary>Reads more; false when there is no more.</summary>
    /// <exception cref="FormatException">A line is longer than a record may be.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return false;
        }

        MakeRoom();
        // Reading a terminal or a pipe cannot be cancelled; what it brings after a Ctrl-C is left unread.
        var read = await input.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask()
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        _end += read;
        _isAtEnd = read == 0;
        return !_isAtEnd || _start < _end;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= lineBytesMax)
            {
                throw new FormatException($"a line is longer than {lineBytesMax} bytes");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
