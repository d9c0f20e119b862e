namespace FastLog.Coordination.Tests.Simulation;

/// <summary>What a classic group must keep to, as its clients see it.</summary>
internal sealed class GroupWatch
{
    /// <summary>The newest generation that some member has got its assignment of: it is stored, and never comes again.</summary>
    public int Generation { get; private set; }

    public void OnGeneration(string what, int generation, int generationWhenAsked) => SimulationFailure.Unless(
        generation >= generationWhenAsked, () => $"{what}: generation {generation} after {generationWhenAsked}");

    public void OnSynced(string what, int generation, int generationWhenAsked)
    {
        OnGeneration(what, generation, generationWhenAsked);
        Generation = Math.Max(Generation, generation);
    }

    public static void OnCommitted(string what, int generation, int generationWhenAsked) => SimulationFailure.Unless(
        generation >= generationWhenAsked, () => $"{what}: a commit of generation {generation} is taken after {generationWhenAsked}");
}
