using System.Diagnostics.Metrics;

namespace FastLog.Broker.Tests.Harness;

/// <summary>Looks at the observable instruments of one scope; a value's key is its instrument's name and its tags.</summary>
internal sealed class Look : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];

    public Look(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.IsObservable && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The value now; the test fails when there is none.</summary>
    public double Now(string key)
    {
        Assert.True(Has(key), $"{key} is not among {string.Join(' ', _values.Keys)}");
        return _values[key];
    }

    /// <summary>Whether there is such a value now.</summary>
    public bool Has(string key)
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values.ContainsKey(key);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        _values[$"{instrument.Name}{{{text}}}"] = value;
    }
}
