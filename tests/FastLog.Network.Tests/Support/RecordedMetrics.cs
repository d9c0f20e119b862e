using System.Diagnostics.Metrics;

namespace FastLog.Network.Tests;

/// <summary>Listens to one meter and keeps what its histograms record, by name and tags.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, List<double>> _recorded = [];

    public RecordedMetrics(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                string tags = string.Join(',', (instrument.Tags ?? []).Select(tag => $"{tag.Key}={tag.Value}"));
                listener.EnableMeasurementEvents(instrument, $"{instrument.Name}{{{tags}}}");
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, key) => Keep((string)key!, value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, key) => Keep((string)key!, value));
        _listener.SetMeasurementEventCallback<int>((_, value, _, key) => Keep((string)key!, value));
        _listener.Start();
    }

    public double[] Of(string key)
    {
        lock (_gate)
        {
            return _recorded.TryGetValue(key, out List<double>? values) ? [.. values] : [];
        }
    }

    /// <summary>Asks the observable instruments; their values are kept like any other.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Keep(string key, double value)
    {
        lock (_gate)
        {
            if (!_recorded.TryGetValue(key, out List<double>? values))
            {
                _recorded.Add(key, values = []);
            }

            values.Add(value);
        }
    }
}
