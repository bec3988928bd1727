using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Caluma.Healthz.Tests;

/// <summary>Which types of some assemblies use which, in whatever way: in a signature, a body, a lambda, an attribute.</summary>
internal sealed class TypeUses(params Assembly[] assemblies)
{
    private readonly ILookup<string, string> _users = (
        from type in new ArchLoader().LoadAssemblies(assemblies).Build().Types
        from used in type.Dependencies.Select(dependency => dependency.Target.FullName).Distinct()
        select (Used: used, User: type.FullName)).ToLookup(pair => pair.Used, pair => pair.User);

    /// <summary>The types that use others, themselves or by way of further types.</summary>
    /// <param name="isUsed">Whether it is this type, by its full name, whose users are wanted.</param>
    /// <param name="leadsOn">Whether one who uses this type uses what it uses; null for always.</param>
    /// <returns>For each type the way from it, such as <c>A > B > C</c>. The used types are among them.</returns>
    public IReadOnlyDictionary<string, string> WaysTo(Func<string, bool> isUsed, Func<string, bool>? leadsOn = null)
    {
        var ways = _users.Select(user => user.Key).Concat(_users.SelectMany(user => user))
            .Distinct().Where(isUsed).ToDictionary(type => type);
        var next = new Queue<string>(ways.Keys);
        while (next.TryDequeue(out var used))
        {
            foreach (var user in _users[used])
            {
                if (ways.TryAdd(user, $"{user} > {ways[used]}") && leadsOn?.Invoke(user) != false)
                {
                    next.Enqueue(user);
                }
            }
        }

        return ways;
    }
}
