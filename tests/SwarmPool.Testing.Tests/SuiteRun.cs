using System.Reflection;

namespace SwarmPool.Testing.Tests;

/// <summary>
/// Runs the tests of a conformance suite over one subject, as a runner would, and says which of them fail. The largest ledgers
/// are left to SWARMPOOL_FULL=1.
/// </summary>
internal static class SuiteRun
{
    private static readonly bool All = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1";

    /// <param name="make">Makes the suite anew for each test.</param>
    /// <param name="only">The one test that is run, unless all are asked for by SWARMPOOL_FULL=1; null runs them all.</param>
    /// <returns>The names of the tests that failed, with what they said.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> FailuresAsync(Func<object> make, string? only = null)
    {
        var failures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tests = make().GetType().GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null && (All || only is null || method.Name == only)).ToList();
        Assert.NotEmpty(tests);
        foreach (var test in tests)
        {
            foreach (var arguments in Cases(test))
            {
                if (await RunAsync(make(), test, arguments) is { } failure)
                {
                    failures.TryAdd(test.Name, failure);
                }
            }
        }

        return failures;
    }

    private static async Task<string?> RunAsync(object suite, MethodInfo test, object?[] arguments)
    {
        var lifetime = suite as IAsyncLifetime;
        try
        {
            if (lifetime is not null)
            {
                await lifetime.InitializeAsync();
            }

            if (test.Invoke(suite, arguments) is Task running)
            {
                await running;
            }

            return null;
        }
        catch (Exception e)
        {
            return (e is TargetInvocationException { InnerException: { } inner } ? inner : e).Message;
        }
        finally
        {
            if (lifetime is not null)
            {
                await lifetime.DisposeAsync();
            }
        }
    }

    private static IEnumerable<object?[]> Cases(MethodInfo test)
    {
        var inline = test.GetCustomAttributes<InlineDataAttribute>().Select(data => data.Data).ToList();
        var members = test.GetCustomAttributes<MemberDataAttribute>()
            .SelectMany(data => (IEnumerable<ITheoryDataRow>)test.DeclaringType!.GetProperty(data.MemberName)!.GetValue(null)!)
            .Select(row => row.GetData())
            .Where(data => All || !data.Any(one => one is string text && text.Contains("hundred thousand", StringComparison.Ordinal)));
        return test.GetParameters().Length == 0 ? [[]] : inline.Concat(members);
    }
}
