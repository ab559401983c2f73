# deploy.rb of Capistrano for a release that was built elsewhere: sent to all servers at once, unpacked, linked,
# restarted, and asked for its health.
set :application, ENV.fetch("APP")
set :deploy_to, "/srv/#{fetch(:application)}"
set :scm, nil
set :format, :simpletext

namespace :deploy do
  task :send do
    on(release_roles(:all)) do
      archive = "#{deploy_to}/incoming.tar.gz"
      upload! ENV.fetch("ARCHIVE"), archive
      execute :mkdir, "-p", release_path
      execute :tar, "-xzf", archive, "-C", release_path, "--no-same-owner"
      execute :chown, "-R", "root:#{fetch(:application)}", release_path
    end
  end

  task :restart_unit do
    on(release_roles(:all)) do
      execute :systemctl, "restart", fetch(:application)
      execute "until curl -fso /dev/null http://127.0.0.1:#{ENV.fetch("PORT")}/health; do sleep 0.1; done"
    end
  end
end
after "deploy:new_release_path", "deploy:send"
after "deploy:publishing", "deploy:restart_unit"
