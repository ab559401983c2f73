# deploy.rb of Capistrano with no more than a rollback needs. No SCM, since the releases are on the host already.
set :application, ENV.fetch("APP")
set :deploy_to, "/srv/#{fetch(:application)}"
set :scm, nil

namespace :deploy do
  task :restart_unit do
    on(roles(:app)) { execute :systemctl, "restart", fetch(:application) }
  end
end
after "deploy:publishing", "deploy:restart_unit"

# By default the release that one went back from is packed with tar and gzip on the host, and removed.
Rake::Task["deploy:cleanup_rollback"].clear if ENV["KEEP"] == "yes"
