namespace FastLog.LoadGen.Suite.Targets;

/// <summary>A broker that loads run against.</summary>
/// <param name="Name">As tables show it.</param>
/// <param name="Address">HOST:PORT.</param>
/// <param name="Pid">Its process on this machine, when it is to be looked at.</param>
/// <param name="IsPeer">Whether it is another broker than the one that was started here.</param>
internal sealed record Target(string Name, string Address, int? Pid, bool IsPeer)
{
    public const string OwnName = "FastLog";
}
