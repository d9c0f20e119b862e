using System.Globalization;
using System.Text;

namespace FastLog.Load.Payloads;

/// <summary>Lines as programs log them: time, level, thread, logger, and a message with numbers in it.</summary>
internal sealed class TextLines(int seed) : ILineWriter
{
    private static readonly string[] Levels = ["INFO ", "INFO ", "INFO ", "INFO ", "DEBUG", "DEBUG", "WARN ", "ERROR"];

    private static readonly string[] Loggers =
    [
        "shop.cart.CartService", "shop.order.OrderController", "shop.auth.SessionStore", "shop.search.QueryPlanner",
        "shop.payment.CardGateway", "shop.stock.Warehouse", "http.AccessLog", "db.ConnectionPool",
    ];

    private SplitMix _random = SplitMix.For(seed, 1);
    private DateTime _time = new(2026, 3, 14, 9, 26, 53, DateTimeKind.Utc);

    public void Write(StringBuilder text)
    {
        _time = _time.AddMilliseconds(_random.Below(40));
        text.Append(CultureInfo.InvariantCulture, $"{_time:yyyy-MM-dd HH:mm:ss.fff} {Levels[_random.Below(Levels.Length)]} ");
        text.Append(CultureInfo.InvariantCulture, $"[worker-{_random.Below(16)}] {Loggers[_random.Below(Loggers.Length)]} - ");
        WriteMessage(text);
        text.Append(CultureInfo.InvariantCulture, $" trace={_random.Next():x16}");
    }

    private void WriteMessage(StringBuilder text)
    {
        int number = _random.Below(100_000);
        int ms = _random.Below(900);
        text.Append(_random.Below(7) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"added item {number} to cart {_random.Below(1_000_000)} in {ms} ms"),
            1 => string.Create(CultureInfo.InvariantCulture, $"GET /api/v1/products/{number} 200 {_random.Below(60_000)} bytes {ms} ms"),
            2 => string.Create(CultureInfo.InvariantCulture, $"POST /api/v1/orders 201 user={number} {ms} ms"),
            3 => string.Create(CultureInfo.InvariantCulture, $"session of user {number} renewed until {_time.AddMinutes(30):HH:mm:ss}"),
            4 => string.Create(CultureInfo.InvariantCulture, $"query took {ms} ms, {_random.Below(5_000)} rows, plan cached"),
            5 => string.Create(CultureInfo.InvariantCulture, $"connection {_random.Below(64)} returned to pool, {_random.Below(32)} of 32 idle"),
            _ => string.Create(CultureInfo.InvariantCulture, $"retrying charge of order {number} after timeout of {ms} ms, attempt {1 + _random.Below(3)}"),
        });
    }
}
