namespace CrmServerless.Crm;

/// <summary>A subscription to some subjects plus one handler.</summary>
/// <param name="Name">The one word of this stage: folder, subscription, function, metric.</param>
/// <param name="Subjects">The facts it takes.</param>
/// <param name="Sessions">True: one fact of a lane at a time, in order. False: any fact, in parallel.</param>
/// <param name="BatchSize">Facts handed over at once, 1 to 100.</param>
public sealed record Stage(string Name, IReadOnlyList<string> Subjects, bool Sessions, int BatchSize = 1);
